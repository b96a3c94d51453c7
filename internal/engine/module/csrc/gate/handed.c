#include "handed.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "sources.h"

static pthread_mutex_t handed_lock = PTHREAD_MUTEX_INITIALIZER;
static struct handed all[FILES]; /* most of it is never touched, and takes no memory */
static atomic_uchar taken[FILES]; /* 1: the engine has it; 2: and it was shut down */
static int end;                   /* behind the greatest number */
static long counts[KINDS], clients;

static int is_followed(int fd) { return fd >= 0 && fd < FILES; }

void hand_out(int fd, const struct handed *h) {
    if (!is_followed(fd)) return;
    pthread_mutex_lock(&handed_lock);
    all[fd] = *h;
    taken[fd] = 1;
    counts[h->kind]++;
    clients += !h->service;
    if (fd >= end) end = fd + 1;
    pthread_mutex_unlock(&handed_lock);
}

/* The look without the lock is for the files that are none of ours, which are most. Whoever closes one of ours was given it
 * after it was entered. */
void hand_in(int fd) {
    if (!is_followed(fd) || !taken[fd]) return;
    pthread_mutex_lock(&handed_lock);
    if (taken[fd]) {
        taken[fd] = 0;
        counts[all[fd].kind]--;
        clients -= !all[fd].service;
        source_leave(all[fd].source);
        while (end > 0 && !taken[end - 1]) end--;
    }
    pthread_mutex_unlock(&handed_lock);
}

int handed_peer(int fd, struct endpoint *from) {
    if (!is_followed(fd) || !taken[fd]) return 0;
    pthread_mutex_lock(&handed_lock);
    int known = taken[fd] && all[fd].from_port;
    if (known) *from = endpoint_of(&all[fd].from, all[fd].from_port);
    pthread_mutex_unlock(&handed_lock);
    return known;
}

long handed_count(enum kind kind) {
    pthread_mutex_lock(&handed_lock);
    long n = counts[kind];
    pthread_mutex_unlock(&handed_lock);
    return n;
}

long clients_count(void) {
    pthread_mutex_lock(&handed_lock);
    long n = clients;
    pthread_mutex_unlock(&handed_lock);
    return n;
}

long end_handed(int (*choose)(const struct handed *, void *), void *data, long most) {
    long n = 0;
    pthread_mutex_lock(&handed_lock);
    for (int fd = 0; fd < end && n < most; fd++) {
        if (taken[fd] != 1 || !choose(&all[fd], data)) continue;
        shutdown(fd, SHUT_RDWR);
        taken[fd] = 2;
        n++;
    }
    pthread_mutex_unlock(&handed_lock);
    return n;
}

long count_handed(int (*choose)(const struct handed *, void *), void *data) {
    long n = 0;
    pthread_mutex_lock(&handed_lock);
    for (int fd = 0; fd < end; fd++) n += taken[fd] == 1 && choose(&all[fd], data);
    pthread_mutex_unlock(&handed_lock);
    return n;
}

void handed_fork(int begins) {
    if (begins) pthread_mutex_lock(&handed_lock);
    else pthread_mutex_unlock(&handed_lock);
}
