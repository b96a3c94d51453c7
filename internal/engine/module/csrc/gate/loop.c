#include "loop.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>

#include "arrival.h"
#include "ends.h"
#include "handed.h"
#include "sources.h"
#include "system.h"
#include "watch.h"

#define ACCEPTS 64 /* of one listener, before others have their turn */

/* A round is what there was to do when the gate last looked. The engine may leave one as it is: Valkey accepts one client over TLS, and ten others, in
 * each round of its own. It comes back, as what was seen is there still. */
static struct round {
    int events, next;
    int accepted; /* of the listener that is next */
} rounds[KINDS];

static void before_fork(void) {
    handed_fork(1);
    sources_fork(1);
}

static void after_fork(void) {
    sources_fork(0);
    handed_fork(0);
}

/* A child of the engine asks for nobody, and must not keep an address taken, or a client that is gone. */
static void in_child(void) {
    after_fork();
    for (struct door *d = NULL; (d = next_door(d));) system_close(d->fd); /* not shut down: it is the engine's */
    for (struct waiting *w = NULL; (w = next_waiting(w));) system_close(w->arrival.fd);
    close_watch();
}

int listener_file(enum kind kind) {
    static int watched[KINDS], follows;
    if (!open_watch()) return -1;
    if (!follows && (errno = pthread_atfork(before_fork, after_fork, in_child)) != 0) return -1;
    follows = 1;
    int bell = queue_bell(kind);
    if (bell < 0 || (!watched[kind] && !watch_bell(kind, bell))) return -1;
    watched[kind] = 1;
    return watch_file(kind);
}

static void pass_time(void) {
    int64_t now = monotonic_ms();
    resume_when_possible(now);
    expire_waiting(now);
    go_on_ending(now);
    wake_at(arrivals_due());
    wake_at(ends_due());
}

void catch_up(void) {
    pass_time();
    ring_queues();
}

/* happen does what the next event asks for. It returns whether there may be more of the same. */
static int happen(enum kind kind, struct round *r) {
    struct door *d = event_door(kind, r->next);
    struct waiting *w = d ? NULL : event_waiting(kind, r->next);
    if (d) return accept_one(d) && !d->suspended && ++r->accepted < ACCEPTS;
    if (w) hear_waiting(w);
    else if (is_alarm(kind, r->next)) pass_time();
    return 0;
}

static int begin_round(enum kind kind, struct round *r) {
    r->events = find_events(kind);
    r->next = r->accepted = 0;
    return r->events > 0;
}

/* The gate looks once each time that the engine asks, so that those who are refused, however many, do not keep clients waiting. */
static int find_next(enum kind kind, struct round *r, struct arrival *a) {
    for (int looked = 0; !queue_take(kind, a);) {
        if (r->next == r->events) {
            if (looked++ || !begin_round(kind, r)) return 0;
        } else if (!happen(kind, r)) {
            r->next++;
            r->accepted = 0;
        }
    }
    return 1;
}

int next_arrival(enum kind kind, struct arrival *a) {
    int found = find_next(kind, &rounds[kind], a);
    size_t queued = queue_state(kind).now;
    if (is_suspended() && (queued == 0 || queued == QUEUE / 2)) resume_when_possible(monotonic_ms());
    ring_queues();
    return found;
}
