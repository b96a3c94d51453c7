#include "queue.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static struct queue {
    pthread_mutex_t lock;
    int event; /* 0: the engine has no listener of this kind */
    int room;  /* to be signalled when there is room; 0: nobody waits */
    size_t first, count, most;
    struct arrival ring[QUEUE];
} queues[KINDS] = {[PLAINTEXT] = {.lock = PTHREAD_MUTEX_INITIALIZER}, [TLS] = {.lock = PTHREAD_MUTEX_INITIALIZER}};

static void ring(int event) {
    uint64_t one = 1;
    /* It cannot fail but for a counter that is at its end, and then it is readable. */
    if (write(event, &one, sizeof(one)) < 0) return;
}

static void silence(int event) {
    uint64_t count;
    if (read(event, &count, sizeof(count)) < 0) return; /* it was silent */
}

int queue_event(enum kind kind) {
    struct queue *q = &queues[kind];
    pthread_mutex_lock(&q->lock);
    if (!q->event) {
        int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        q->event = event > 0 ? event : 0;
    }
    int event = q->event ? q->event : -1;
    pthread_mutex_unlock(&q->lock);
    return event;
}

int queue_put(enum kind kind, const struct arrival *a) {
    struct queue *q = &queues[kind];
    pthread_mutex_lock(&q->lock);
    int fits = q->event && q->count < QUEUE;
    if (fits) {
        q->ring[(q->first + q->count++) % QUEUE] = *a;
        if (q->count > q->most) q->most = q->count;
        if (q->count == 1) ring(q->event);
    }
    pthread_mutex_unlock(&q->lock);
    return fits;
}

int queue_take(enum kind kind, struct arrival *a) {
    struct queue *q = &queues[kind];
    pthread_mutex_lock(&q->lock);
    int some = q->count > 0;
    if (some) {
        *a = q->ring[q->first];
        q->first = (q->first + 1) % QUEUE;
        q->count--;
    } else if (q->event) {
        silence(q->event);
    }
    if (q->room && q->count < QUEUE / 2) {
        ring(q->room);
        q->room = 0;
    }
    pthread_mutex_unlock(&q->lock);
    return some;
}

void queue_on_room(int event) {
    for (int kind = 0; kind < KINDS; kind++) {
        struct queue *q = &queues[kind];
        pthread_mutex_lock(&q->lock);
        if (q->count == QUEUE) q->room = event;
        pthread_mutex_unlock(&q->lock);
    }
}

struct queue_state queue_state(enum kind kind) {
    struct queue *q = &queues[kind];
    pthread_mutex_lock(&q->lock);
    struct queue_state s = {q->count, q->most};
    pthread_mutex_unlock(&q->lock);
    return s;
}

void queue_fork(int begins) {
    for (int kind = 0; kind < KINDS; kind++)
        if (begins) pthread_mutex_lock(&queues[kind].lock);
        else pthread_mutex_unlock(&queues[kind].lock);
}
