#include "watch.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "system.h"

/* What an event is about: the place of a waiting socket, with its turn, a listener, or neither. */
#define DOOR 0x10000u
#define WAKE 0x20000u

static int epoll, wake;
static struct epoll_event events[EVENTS];

static int control(int operation, int fd, uint32_t what, uint64_t about) {
    struct epoll_event e = {.events = what, .data.u64 = about};
    return epoll_ctl(epoll, operation, fd, &e) == 0;
}

static uint64_t about_door(const struct door *d) { return DOOR | (unsigned)index_of_door(d); }

int open_watch(void) {
    epoll = epoll_create1(EPOLL_CLOEXEC);
    wake = epoll < 0 ? -1 : eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (wake < 0) return 0;
    return control(EPOLL_CTL_ADD, wake, EPOLLIN, WAKE);
}

void close_watch(void) {
    system_close(epoll);
    system_close(wake);
}

int watch_door(const struct door *d) { return control(EPOLL_CTL_ADD, d->fd, EPOLLIN, about_door(d)); }

void suspend_door(const struct door *d) { control(EPOLL_CTL_MOD, d->fd, 0, about_door(d)); }

void resume_door(const struct door *d) { control(EPOLL_CTL_MOD, d->fd, EPOLLIN, about_door(d)); }

int watch_waiting(const struct waiting *w) {
    return control(EPOLL_CTL_ADD, w->arrival.fd, EPOLLIN | EPOLLRDHUP, (uint64_t)w->turn << 32 | place_of_waiting(w));
}

void stop_watching(const struct waiting *w) { control(EPOLL_CTL_DEL, w->arrival.fd, 0, 0); }

int wake_event(void) { return wake; }

void wake_thread(void) {
    uint64_t one = 1;
    if (write(wake, &one, sizeof(one)) < 0) return; /* it is awake */
}

int next_events(int timeout) {
    int n = epoll_wait(epoll, events, EVENTS, timeout);
    uint64_t count;
    for (int i = 0; i < n; i++)
        if (events[i].data.u64 == WAKE && read(wake, &count, sizeof(count)) < 0) continue; /* somebody slept less */
    return n;
}

struct door *event_door(int index) {
    uint64_t about = events[index].data.u64;
    return about & DOOR && about < WAKE ? door_at((int)(about & (DOOR - 1))) : NULL;
}

struct waiting *event_waiting(int index) {
    uint64_t about = events[index].data.u64;
    return waiting_at((uint32_t)about, (uint32_t)(about >> 32));
}
