// Package reconcile runs reconcilers: functions that look at one group's desired
// and observed state and bring the second closer to the first. Package group has the one of
// a group's nodes, package rotation that of guided token rotations. A [Follower] has a group looked
// at when it was written.
//
// A [Loop] is level-triggered: it is told that something about a key may have
// changed, never what. However often a key is added, one worker at a time looks at
// it, and a key that is added while it is being looked at is looked at once more.
//
// What is added as urgent is taken before all that is not.
//
//	           Add                   a worker is free
//	idle ─────────────▶ queued ───────────────────────▶ running
//	 ▲ ▲                  ▲                              │  │  │
//	 │ └──────────────────┼── nothing left to do ────────┘  │  │
//	 │                    ├── Add while running, or Again ──┘  │
//	 │                    └── after a delay: an error (doubling from 50 ms to
//	 │                        30 s) or the time that Reconcile asked for ◀───┘
package reconcile
