// Package rotation has the guided change of a token from end to end: what is asked for ([Spec]), where the new token goes
// ([Target]), how far it has come ([Rotation]), and when it is begun by itself ([Schedule]).
//
// A rotation is a state machine. A [Step] moves it on, and says what that does to the tokens of its group, which keeps the
// rotation that is under way and takes the steps (replication.Group.Turn):
//
//	(none) ──────Begin──────▶ pending ──RotateIn──▶ rotating ──NoteRotated──▶ delivering
//	  │                                                                         │ NoteDelivered
//	  │ Begin, to adopt what was                                                ▼
//	  └─ begun by other means ────────────────────────────────────────────▶ waiting ◀─┐
//	                                                                          │  │    │ EndBrownout
//	                                                                   EndOld │  └─▶ brownout
//	                                                                          ▼        │
//	               done ◀──────Conclude────── watching ◀──────NoteSet────── setting    │
//	                                              ▲                                    │
//	                                              └────────────────NoteSet─────────────┘
//
// On a group whose clients need not use TLS yet, a rotation that is to secure it ([Spec.Secure]) comes to pending like this; it begins
// in the middle where the mode is preferred:
//
//	(none) ──Begin──▶ offering-tls ──NoteTLSOffered──▶ awaiting-tls ──EndPlaintext──▶ requiring-tls ──NoteTLSRequired──▶ pending
//	                    │      ▲                            ▲
//	                    └──────┘ OfferTLS                   └── Begin
//
// and the ways aside:
//
//	from                          step               to
//	rotating, brownout            Cancel             cancelling
//	requiring-tls                 Cancel             cancelling, back to preferred
//	offering-tls, awaiting-tls    Cancel             cancelled, with TLS and plaintext
//	delivering                    Cancel             delivering, until it is known what became of the delivery
//	delivering                    EndDelivery        cancelled, if its owner wanted that; else failed
//	pending, waiting              Cancel             cancelled
//	setting, watching             RollBack           rolling-back
//	cancelling                    Conclude           cancelled
//	rolling-back                  Conclude           rolled-back
//
// Fail leads from any state that is not final to failed, and leaves the tokens as
// they are. What follows cancelling and rolling-back is Conclude, when every node
// accepts what the group says again. Then the group's rotation is taken away, and the store keeps the
// receipt. While it is under way every other token change is refused.
//
// A [Schedule] begins rotations in maintenance windows.
//
// Invariants:
//
//   - A token that was delivered is accepted from then on, until another rotation.
//   - The old credential is accepted except in brownout, setting and watching, and after done.
//   - A rotation has its salt until SET is proven or it is over; its receipt never has it.
package rotation
