// Package rotation carries out guided rotations of AUTH tokens: it makes the new token,
// rotates it in, delivers it, waits until nobody uses the old one, ends the old one, and watches
// for clients that fail.
//
// The state is [rotation.Rotation], in the group itself: each step is stored together with
// what it does to the group's tokens, in one write. Package group brings the tokens to
// the nodes and proves them there; this package waits for it. Plan is pure.
//
//	pending ──▶ rotating ──▶ delivering ──▶ waiting ──▶ setting ──▶ watching ──▶ done
//	  │            │             │           ▲  │  │       │            │
//	  │ cancel     │ cancel      │     found │  │  │       └──────┬─────┘
//	  ▼            ▼             │  somebody │  │  ▼              │ refused logins over the limit
//	cancelled   cancelling       │           │  │ cancelled       ▼
//	               │             │           │  ▼               rolling-back ──▶ rolled-back
//	               ▼             │          brownout ──▶ watching
//	            cancelled        │           │ cancel
//	                             │           └──────▶ cancelling ──▶ cancelled
//	                             └──▶ failed, when it cannot be delivered for long, or cancelled
//
// A group whose clients need not use TLS may be secured on the way; it then comes to pending through
//
//	offering-tls ──▶ awaiting-tls ──▶ requiring-tls ──▶ pending
//	     │ cancel         │ cancel          │ cancel
//	     ▼                ▼                 ▼
//	  cancelled       cancelled         cancelling ──▶ cancelled
//
//	state         the group accepts         who knows the new token
//	offering-tls  plaintext → both
//	awaiting-tls  plaintext and TLS
//	requiring-tls both → TLS
//	pending       {old}                     nobody
//	rotating      {old} → {old, new}        nobody
//	delivering    {old, new}                perhaps the destination
//	waiting       {old, new}                the destination, and who read it there
//	brownout      {new}, for seconds
//	setting       {old, new} → {new}
//	watching      {new}
//	rolling-back  {new} → {old, new}
//	cancelling    back to {old}; after a brownout to {old, new}
//
// # Invariants
//
//   - What clients may have is accepted: the new token from before its delivery, and
//     the old one until the owner's rule ends it.
//   - The token is never stored. It is derived from a key of the service and the rotation's
//     salt each time that it is needed; the salt is removed when SET is proven, or at any
//     other end.
//   - Every step may be repeated. A kill -9 before a step's write repeats the step; after
//     it, the next one follows. Deliveries are repeatable by their own promise.
//   - A token that may have been delivered stays accepted, whatever fails after.
//   - Nothing ends an old credential while a node could not be asked who uses it.
//   - One rotation for a group at a time; other token changes are refused meanwhile.
package rotation
