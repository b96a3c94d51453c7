/* The two queues of sockets that the engine is to accept, for plaintext and for TLS.
 *
 * Most sockets are taken as soon as they are put in: whoever asks for one has the gate look who is there (loop.h). What stays is of the other
 * kind, and the queue's bell, an eventfd, rings for it. */
#ifndef AIKAGI_GATE_QUEUE_H
#define AIKAGI_GATE_QUEUE_H

#include <stddef.h>

#include "address.h"

#define QUEUE 512 /* sockets in one of them */

enum kind { PLAINTEXT, TLS, KINDS };

struct arrival {
    int fd;
    struct endpoint from;
    unsigned heir; /* see inherit.h */
};

/* queue_bell returns what to watch for a queue: the same each time, owned by the queue; -1 with errno. */
int queue_bell(enum kind kind);

/* queue_put gives a socket away. It returns 0 when the queue is full, or the engine has no listener of that kind. */
int queue_put(enum kind kind, const struct arrival *a);

/* queue_take takes the oldest one; 0: there is none. */
int queue_take(enum kind kind, struct arrival *a);

/* ring_queues has the bells ring just while there is something in their queues. It is called before the gate returns to the engine. */
void ring_queues(void);

struct queue_state {
    size_t now, most; /* most: since the start */
};

struct queue_state queue_state(enum kind kind);

#endif
