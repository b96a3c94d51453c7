#include "watch.h"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "system.h"

/* What an event is about: the place of a waiting socket, with its turn, a listener, or neither. */
#define DOOR 0x10000u
#define ALARM 0x20000u
#define BELL 0x40000u

static struct watch {
    int file;
    struct epoll_event events[EVENTS];
} watches[KINDS];

static int timer;
static int64_t alarm_at = INT64_MAX;

static int control(enum kind kind, int operation, int fd, uint32_t what, uint64_t about) {
    struct epoll_event e = {.events = what, .data.u64 = about};
    return epoll_ctl(watches[kind].file, operation, fd, &e) == 0;
}

static int open_files(void) {
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (timer < 0) return 0;
    for (int kind = 0; kind < KINDS; kind++) {
        watches[kind].file = epoll_create1(EPOLL_CLOEXEC);
        if (watches[kind].file < 0 || !control((enum kind)kind, EPOLL_CTL_ADD, timer, EPOLLIN, ALARM)) return 0;
    }
    return 1;
}

int open_watch(void) {
    static int open;
    if (!open) open = open_files();
    return open;
}

void close_watch(void) {
    system_close(timer);
    for (int kind = 0; kind < KINDS; kind++) system_close(watches[kind].file);
}

int watch_file(enum kind kind) { return watches[kind].file; }

int watch_bell(enum kind kind, int bell) { return control(kind, EPOLL_CTL_ADD, bell, EPOLLIN, BELL); }

static uint64_t about_door(const struct door *d) { return DOOR | (unsigned)index_of_door(d); }

static uint32_t wanted(const struct door *d) { return d->suspended ? 0 : EPOLLIN; }

int watch_door(struct door *d) {
    enum kind kind = d->order.mode == MODE_REQUIRED ? TLS : PLAINTEXT;
    if (d->watched && d->watch == kind) return 1;
    if (!control(kind, EPOLL_CTL_ADD, d->fd, wanted(d), about_door(d))) return 0;
    if (d->watched) stop_watching_door(d);
    d->watched = 1;
    d->watch = kind;
    return 1;
}

void stop_watching_door(const struct door *d) { control(d->watch, EPOLL_CTL_DEL, d->fd, 0, 0); }

void suspend_door(const struct door *d) { control(d->watch, EPOLL_CTL_MOD, d->fd, 0, about_door(d)); }

void resume_door(const struct door *d) { control(d->watch, EPOLL_CTL_MOD, d->fd, EPOLLIN, about_door(d)); }

int watch_waiting(struct waiting *w) {
    w->watch = door_at(w->door)->watch;
    return control(w->watch, EPOLL_CTL_ADD, w->arrival.fd, EPOLLIN | EPOLLRDHUP, (uint64_t)w->turn << 32 | place_of_waiting(w));
}

void stop_watching(const struct waiting *w) { control(w->watch, EPOLL_CTL_DEL, w->arrival.fd, 0, 0); }

void wake_at(int64_t time) {
    if (time >= alarm_at) return;
    alarm_at = time > 0 ? time : 1; /* 0 would be no alarm */
    struct itimerspec at = {.it_value = {.tv_sec = alarm_at / 1000, .tv_nsec = alarm_at % 1000 * 1000000}};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL); /* cannot fail: the time is one */
}

int find_events(enum kind kind) {
    int n = epoll_wait(watches[kind].file, watches[kind].events, EVENTS, 0);
    return n > 0 ? n : 0;
}

struct door *event_door(enum kind kind, int index) {
    uint64_t about = watches[kind].events[index].data.u64;
    return about & DOOR && about < ALARM ? door_at((int)(about & (DOOR - 1))) : NULL;
}

struct waiting *event_waiting(enum kind kind, int index) {
    uint64_t about = watches[kind].events[index].data.u64;
    return waiting_at((uint32_t)about, (uint32_t)(about >> 32));
}

int is_alarm(enum kind kind, int index) {
    uint64_t count;
    if (watches[kind].events[index].data.u64 != ALARM || read(timer, &count, sizeof(count)) < 0) return 0; /* it rang for the other kind */
    alarm_at = INT64_MAX;
    return 1;
}
