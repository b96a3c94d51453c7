// Package replication has replication groups: what their owners ask for, how far that has come true, and each step from one
// to the other.
//
// A [Group] has one [Shard] or more, each of one primary and up to five replicas that hold the same
// data. With cluster mode disabled there is one shard. A CacheCluster that was created on its own is stored as a group of one
// with Standalone set, so that one reconciler, one kind of object in the store and one
// set of rules serve both.
//
// Its status is a state machine; every change goes through one transition
// function and any pair that is not drawn here is an error of [cache.KindState]:
//
//	           create             all nodes proven               modify, token change
//	(nothing) ────────▶ creating ──────────────────▶ available ───────────────────────▶ modifying
//	                       │                          │    ▲                               │
//	     cannot be created │                   delete │    └───────────────────────────────┘
//	                       ▼            delete        ▼             all nodes proven
//	                 create-failed ─────────────▶ deleting ──every node gone──▶ (nothing)
//
// Two kinds of changes may also begin while a group is modifying: as long as nothing but nodes comes and goes, further cache
// clusters may be added and removed; and a guided rotation may change the tokens.
//
// # A failover
//
// A change of primary is a state machine beside the group's status, which stays
// available except for a promotion by hand. [Shard.Failover] is its state and its receipt:
//
//	          NoteHang, RequestFailover              NoteSwitch
//	(none) ─────────────────────────────▶ pending ───────────────▶ promoted ──Settle──▶ (none),
//	  │                                    │    │  (planned)          ▲       receipt kept
//	  │ Elect (after a crash)        Elect │    │ AbandonFailover     │
//	  └──────────────▶ elected ◀───────────┘    └──────▶ given up     │ NoteSwitch
//	                      └─────────────────────────────────────────────┘
//
// PrimaryID changes with Elect, or with NoteSwitch when it is planned. A primary that is
// lost while a failover is under way begins another one.
//
// # A move to another address plan
//
// While clients are connected, [Group.Move] is how far it is. Every place has two addresses then, the one that is shown and another
// ([Group.Others]); a move changes which is which:
//
//	        BeginMove            Settle: all serve both            FinishMove, or its time
//	(none) ───────────▶ opening ───────────────────────▶ open ───────────────────────────▶ closing ──Settle──▶ (none)
//	                       │     the new ones are shown    │                                  ▲  the others are given back
//	                       │ CancelMove                    │ CancelMove: the old ones are     │
//	                       └──────────────────────────────▶└── shown again ───────────────────┘ (Back)
//
// All the time:
//
//   - Opening and closing have the group modifying; open has it available, and all changes work as ever.
//   - What is shown is served: new places are shown when every node that clients can get in to has proven that it serves both, and old ones
//     are closed after that.
//   - An endpoint's addresses are served by the same nodes, so a failover moves both.
//   - A node has one loopback address from its creation on. By the plan loopback it is for clients, by others it is the node's
//     link; replication goes on there during a move.
//   - Other machines can reach a group as soon as a place of either plan is beyond, and what that asks of it holds from then on.
//
// # What always holds
//
//   - A group reads available only when every node was proven to serve exactly
//     what the group says.
//   - Node ids, addresses and UIDs are unique over all groups; the store enforces
//     it. A UID is never used again, so that what a deleted node left behind is
//     never taken for a new node's.
//   - A group without in-transit encryption holds no token.
//
// # A token change
//
// A change that ends a credential is guarded ([cache.Guard]): [Group.Modify] decides by what nodes know about the credential's
// use ([usage.Group]), which its caller has asked them. A guided rotation ([rotation.Rotation]) changes the tokens in its own
// steps; while it is under way every other change of them is refused.
package replication
