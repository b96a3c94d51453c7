/* The two queues of sockets between the gate's thread and the engine's main one, for plaintext and for TLS.
 *
 * What the engine takes for its listener is an eventfd that is readable while there is something in the queue. Each queue has a
 * lock of its own, and may be used on any thread. */
#ifndef AIKAGI_GATE_QUEUE_H
#define AIKAGI_GATE_QUEUE_H

#include <stddef.h>

#include "address.h"

#define QUEUE 512 /* sockets in one of them */

enum kind { PLAINTEXT, TLS, KINDS };

struct arrival {
    int fd;
    struct endpoint from;
};

/* queue_event returns what to watch for a queue: the same each time, owned by the queue; -1 with errno. */
int queue_event(enum kind kind);

/* queue_put gives a socket away. It returns 0 when the queue is full, or the engine has no listener of that kind. */
int queue_put(enum kind kind, const struct arrival *a);

/* queue_take takes the oldest one. When there is none it returns 0, and the event is silent until there is one. */
int queue_take(enum kind kind, struct arrival *a);

/* queue_on_room has an event signalled, once, when a queue that is full has room again. */
void queue_on_room(int event);

struct queue_state {
    size_t now, most; /* most: since the start */
};

struct queue_state queue_state(enum kind kind);

/* queue_fork holds the queues still (1) while the engine forks, and lets go (0). */
void queue_fork(int begins);

#endif
