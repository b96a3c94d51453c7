/* What becomes of a socket from when the gate has it until the engine does, or nobody.
 *
 *        accept                     first byte
 *   ────────────▶ rules ─▶ mode ──────────────────▶ plaintext, or TLS ─▶ mode, clients ─▶ queue ─▶ engine
 *                   │       │ (none: whatever         ▲      │                  │            │
 *                   │       │  it is going to say)    │      │ ended, or          │            │
 *                   ▼       └─────────────▶ waiting ──┘      ▼ silent too long    ▼            ▼
 *                refused                       └──────▶ gone, refused          refused      refused
 */
#ifndef AIKAGI_GATE_ARRIVAL_H
#define AIKAGI_GATE_ARRIVAL_H

#include <stdint.h>

#include "door.h"
#include "waiting.h"

/* order_in_force is what was ordered last. */
extern struct order order_in_force;

/* accept_one takes who has come to a listener; 0: there is nobody, or nobody can be taken. */
int accept_one(struct door *d);

/* hear_waiting is called when a waiting socket says something, or ends. */
void hear_waiting(struct waiting *w);

/* leave_door closes a listener. Whoever has come to it already is still let in, unless all who came are sent away. */
void leave_door(struct door *d);

/* expire_waiting ends the wait of those who are silent for too long. Whoever speaks TLS speaks first, so where plaintext is
 * allowed the silent ones are taken for that. */
void expire_waiting(int64_t now);

/* Listeners are suspended, and who comes stays in the system's own queue, as with an engine that is busy, while a queue to the engine is
 * full that their mode lets in to, or, all of them, while the system has no files. resume_when_possible goes on when that is over;
 * begin_door has a new listener share what all are in for. */
void resume_when_possible(int64_t now);
void begin_door(struct door *d);
int is_suspended(void);

/* arrivals_due returns when expire_waiting or resume_when_possible have to be called, unless there is an event before;
 * INT64_MAX: not. */
int64_t arrivals_due(void);

#endif
