#include "thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "arrival.h"
#include "ends.h"
#include "handed.h"
#include "sources.h"
#include "system.h"
#include "watch.h"

static pthread_mutex_t gate_lock = PTHREAD_MUTEX_INITIALIZER;

void lock_gate(void) { pthread_mutex_lock(&gate_lock); }
void unlock_gate(void) { pthread_mutex_unlock(&gate_lock); }

static int time_until(int64_t due, int64_t now) {
    if (due == INT64_MAX) return -1;
    return due <= now ? 0 : (int)(due - now);
}

static void happen(int event) {
    struct door *d = event_door(event);
    struct waiting *w = d ? NULL : event_waiting(event);
    if (d) accept_some(d);
    else if (w) hear_waiting(w);
}

static void *run(void *nothing) {
    for (int timeout = -1;;) {
        int n = next_events(timeout);
        lock_gate();
        for (int i = 0; i < n; i++) happen(i);
        int64_t now = monotonic_ms();
        resume_when_possible(now);
        expire_waiting(now);
        go_on_ending(now);
        int64_t arrivals = arrivals_due(), ends = ends_due();
        timeout = time_until(arrivals < ends ? arrivals : ends, now);
        unlock_gate();
    }
    return nothing;
}

static void before_fork(void) {
    lock_gate();
    queue_fork(1);
    handed_fork(1);
    sources_fork(1);
}

static void after_fork(void) {
    sources_fork(0);
    handed_fork(0);
    queue_fork(0);
    unlock_gate();
}

/* A child of the engine has no thread here, and must not keep an address taken, or a client that is gone. */
static void in_child(void) {
    after_fork();
    for (struct door *d = NULL; (d = next_door(d));) system_close(d->fd); /* not shut down: it is the engine's */
    for (struct waiting *w = NULL; (w = next_waiting(w));) system_close(w->arrival.fd);
    close_watch();
}

/* The engine's signals are for its main thread. */
static int create(void) {
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&thread, NULL, run, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

int start_thread(char *why, size_t size) {
    static int started;
    if (started) return 1;
    int failed = open_watch() ? create() : errno;
    if (!failed) failed = pthread_atfork(before_fork, after_fork, in_child);
    if (failed) return snprintf(why, size, "the gate cannot start: %s", strerror(failed)), 0;
    return started = 1;
}
