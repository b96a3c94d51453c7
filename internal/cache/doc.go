// Package cache is the domain of aikagi: replication groups, their nodes, the
// tokens that open them, and the events that tell what happened to them. It
// imports the standard library only, does no I/O and reads no clock; whatever
// depends on time takes it as an argument.
//
// # A replication group
//
// A [replication.Group] is one primary and up to five replicas that hold the same
// data. A CacheCluster that was created on its own is stored as a group of one
// with Standalone set, so that one reconciler, one kind of object in the store and one
// set of rules serve both.
//
// Its status is a state machine; every change goes through one transition
// function and any pair that is not drawn here is an error of [KindState]:
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
// available except for a promotion by hand. [replication.Shard.Failover] is its state and its receipt:
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
// # A guided rotation
//
// A change of the token from end to end is a state machine too. [replication.Group.Rotation]
// is its state and, when it is over, its receipt:
//
//	(none) ──StartRotation──▶ pending ──RotateIn──▶ rotating ──NoteRotated──▶ delivering
//	  │                                                                         │ NoteDelivered
//	  │ StartRotation of what was                                               ▼
//	  └─ begun by other means ────────────────────────────────────────────▶ waiting ◀─┐
//	                                                                          │  │    │ EndBrownout
//	                                                                   EndOld │  └─▶ brownout
//	                                                                          ▼        │
//	               done ◀──ConcludeRotation── watching ◀──────NoteSet────── setting    │
//	                                              ▲                                    │
//	                                              └────────────────NoteSet─────────────┘
//
// and the ways aside:
//
//	from                          step               to
//	rotating, brownout            CancelRotation     cancelling
//	delivering                    CancelRotation     delivering, until it is known what became of the delivery
//	delivering                    EndDelivery        cancelled, if its owner wanted that; else failed
//	pending, waiting              CancelRotation     cancelled
//	setting, watching             RollBack           rolling-back
//	cancelling                    ConcludeRotation   cancelled
//	rolling-back                  ConcludeRotation   rolled-back
//
// FailRotation leads from any state that is not final to failed, and leaves the tokens as
// they are. What follows cancelling and rolling-back is ConcludeRotation, when every node
// accepts what the group says again. TakeRotation ends it for the group; the store keeps the
// receipt. While it is under way every other token change is refused.
//
// A [rotation.Schedule] begins rotations in maintenance windows.
//
// Invariants:
//
//   - A token that was delivered is accepted from then on, until another rotation.
//   - The old credential is accepted except in brownout, setting and watching, and after done.
//   - A rotation has its salt until SET is proven or it is over; its receipt never has it.
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
// # Tokens
//
// A [token.Set] is the ordered set of at most two credentials that a group
// accepts, in which "no credential" counts as one. It holds digests and times,
// never a token. ROTATE and SET are pure functions from a set to the next.
//
// A change that ends a credential is guarded ([Guard]): [replication.Group.Modify] decides by
// what nodes know about the credential's use ([usage.Group]), which its caller has asked them. What is
// not known counts as use.
//
// # Sentences
//
// aikagi's own sentences are made by [Say]. Their English text comes from one table, and
// goes with a [Fact], a code and values, from which a page makes a sentence in
// another language. Events that the original has too use the original's words, and
// errors of an engine or of the system use theirs ([Quote]); they have no fact.
package cache
