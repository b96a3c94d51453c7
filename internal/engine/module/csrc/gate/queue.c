#include "queue.h"

#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static struct queue {
    int bell; /* 0: the engine has no listener of this kind */
    int rings;
    size_t first, count, most;
    struct arrival ring[QUEUE];
} queues[KINDS];

int queue_bell(enum kind kind) {
    struct queue *q = &queues[kind];
    if (!q->bell) {
        int bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        if (bell < 0) return -1;
        q->bell = bell;
    }
    return q->bell;
}

int queue_put(enum kind kind, const struct arrival *a) {
    struct queue *q = &queues[kind];
    if (!q->bell || q->count == QUEUE) return 0;
    q->ring[(q->first + q->count++) % QUEUE] = *a;
    if (q->count > q->most) q->most = q->count;
    return 1;
}

int queue_take(enum kind kind, struct arrival *a) {
    struct queue *q = &queues[kind];
    if (!q->count) return 0;
    *a = q->ring[q->first];
    q->first = (q->first + 1) % QUEUE;
    q->count--;
    return 1;
}

void ring_queues(void) {
    for (struct queue *q = queues; q < queues + KINDS; q++) {
        uint64_t count = 1;
        if (!q->rings == !q->count) continue;
        q->rings = q->count > 0;
        /* Neither can fail: the counter is 0 or 1. */
        if ((q->rings ? write(q->bell, &count, sizeof(count)) : read(q->bell, &count, sizeof(count))) < 0) continue;
    }
}

struct queue_state queue_state(enum kind kind) { return (struct queue_state){queues[kind].count, queues[kind].most}; }
