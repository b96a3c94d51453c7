/* The gate's work, on the engine's main thread: the engine's event loop says that there is some, and its accept does it. */
#ifndef AIKAGI_GATE_LOOP_H
#define AIKAGI_GATE_LOOP_H

#include "queue.h"

/* listener_file returns what the engine is to watch as its listener of a kind; -1 with errno. The gate owns it. */
int listener_file(enum kind kind);

/* next_arrival looks who has come, and returns the next one that the engine is to have; 0: there is nobody more just now, and the
 * listener can be read when there is. */
int next_arrival(enum kind kind, struct arrival *a);

/* catch_up does what an order, or the time that has passed, asks for. */
void catch_up(void);

#endif
