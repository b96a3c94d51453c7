// Package group brings replication groups to what the store says of them: it
// starts and stops nodes, gives each its role, its access rules and its
// certificate, proves that clients get in as they should, and only then lets the
// group read available.
//
// # How it decides
//
// [Reconciler.Reconcile] repeats four steps until there is nothing left to do:
//
//	read the group ─▶ observe its nodes ─▶ Plan (pure) ─▶ carry the steps out
//	      ▲                                                      │
//	      └──────────────────────────────────────────────────────┘
//
// [Plan] is a function of the stored group, what was observed, and the time. It
// gives each node at most one step; the steps of a plan touch different nodes, so
// they run side by side. What a step did is seen by the next observation, never
// remembered: a control plane that was killed between any two steps goes on where
// it was, because the next plan is made from what is there.
//
// A node passes through these conditions; each names the step that leaves it:
//
//	absent or stopped ──StartNode──▶ starting ──(answers)──▶ serving
//	serving, old process     ──StopNode──▶ stopped
//	serving, wrong role      ──Replicate──▶
//	serving, wrong access    ──ApplyAccess──▶
//	serving, wrong memory    ──SetMemory──▶
//	serving, old certificate ──RenewCertificate──▶
//	serving, replica behind  ──(waits)──▶
//	right in every way       ──Prove──▶ proven     every node proven ──▶ settle
//	settled, ticking fast    ──SetTick──▶ idle
//
// # Invariants
//
//   - The store changes first. Nothing is done to a node that the store does not
//     call for.
//   - A node's access file is written before the process is told, and always before
//     a process starts: a node that was down during a change has the new set before
//     it accepts its first client. (One that was just being started when the change
//     was asked for may open with the set of before, for the moment until it is
//     told; the group is modifying all that time.)
//   - While a set changes, a credential that is in both the old and the new set is
//     accepted by every node at every moment.
//   - A group becomes available only by settle, which follows a proof on every node
//     in the same plan, and is refused by the store if the group was changed since
//     it was read.
//   - Replicas start after their primary serves. A primary that crashed while a
//     replica lives on takes its data from that replica, not from its older
//     snapshot; roles do not move. The replica stands on its own while it lends its
//     data, so a client that writes to it then, against the rule that replicas are
//     for reading, is not told no, and may lose that write.
//
// # What a proof is
//
// On every node, over the network and TLS, as a client: a command without a token
// gets the answer that the set calls for, a token that nobody holds is refused, and
// the tokens of the change log in. Tokens are not stored, so they are known only to
// the control plane that was asked for the change ([Witness]); after a kill -9 in
// between, the next one proves the rest of this and compares the digests that the
// engine lists with those of the set instead. That a retired token is refused
// follows from the same list: no user but those of the set can log in.
package group
