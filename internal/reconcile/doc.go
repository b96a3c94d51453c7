// Package reconcile runs reconcilers. A [Reconciler] looks at the desired and the observed state of one
// group and brings the second closer to the first. Package group reconciles the nodes of a group, package
// rotation its guided token rotation.
//
// A [Loop] calls a reconciler for each key that it is given. It is level-triggered: it is told that something
// about a key may have changed, never what. However often a key is added, only one worker at a time works on
// it; a key that is added meanwhile is worked on once more. Urgent keys come before all others.
//
// A [Follower] listens to the store, and says which groups were written. [Written] knows which of those writes
// were the reconciler's own, which must not wake it.
//
//	           Add                   a worker is free
//	idle ─────────────▶ queued ───────────────────────▶ running
//	 ▲ ▲                  ▲                              │  │  │
//	 │ └──────────────────┼── nothing left to do ────────┘  │  │
//	 │                    ├── Add while running, or Again ──┘  │
//	 │                    └── after a delay: of an error (doubling from 50 ms to 30 s),
//	 │                        or the one that Reconcile asked for ◀──────────┘
package reconcile
