// Package cache is the domain of aikagi: replication groups, their nodes, the
// tokens that open them, and the events that tell what happened to them. It
// imports the standard library only, does no I/O and reads no clock; whatever
// depends on time takes it as an argument.
//
// # A replication group
//
// A [ReplicationGroup] is one primary and up to five replicas that hold the same
// data. A CacheCluster that was created on its own is stored as a group of one
// with Standalone set, so that one reconciler, one store table and one set of
// rules serve both.
//
// Its status is a state machine; every change goes through one transition
// function and any pair that is not drawn here is an error of [KindState]:
//
//	            create             all nodes proven
//	(nothing) ─────────▶ creating ──────────────────▶ available ◀──┐
//	                        │                          │   │       │ all nodes
//	      cannot be created │      modify, token change│   │       │ proven
//	                        ▼                          ▼   │       │
//	                  create-failed                 modifying ─────┘
//	                        │                              │
//	                        └──────────▶ deleting ◀────────┘ delete (from available)
//	                                        │
//	                                        ▼ every node gone
//	                                     (nothing)
//
// # A failover
//
// A change of primary is a state machine beside the group's status, which stays
// available but for a promotion by hand. [NodeGroup.Failover] is its state and its receipt:
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
// Invariants:
//
//   - A group reads available only when every node was proven to serve exactly
//     what the group says.
//   - Node ids, addresses and UIDs are unique over all groups; the store enforces
//     it. A UID is never used again, so that what a deleted node left behind is
//     never taken for a new node's.
//   - A group without in-transit encryption holds no token.
//
// # Tokens
//
// A [TokenSet] is the ordered set of at most two credentials that a group
// accepts, in which "no credential" counts as one. It holds digests and times,
// never a token. ROTATE and SET are pure functions from a set to the next.
package cache
