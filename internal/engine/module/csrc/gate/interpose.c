/* Where the engine's calls come to the gate. A listener of the engine's on GATE_ADDRESS becomes the gate's; all else goes on to
 * the system. Whoever is linked against the library of these names gets the system's in any case: what the constructor
 * finds is what the calls would have been without it. */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "gate.h"
#include "handed.h"
#include "inherit.h"
#include "loop.h"
#include "system.h"

/* AS has a function of ours stand in the library under the system's name. */
#define AS(name) __asm__(name) __attribute__((visibility("default")))

int engine_binds(int fd, const struct sockaddr *at, socklen_t len) AS("bind");
int engine_listens(int fd, int backlog) AS("listen");
int engine_accepts(int fd, struct sockaddr *from, socklen_t *len) AS("accept");
int engine_accepts4(int fd, struct sockaddr *from, socklen_t *len, int flags) AS("accept4");
int engine_sets(int fd, int level, int option, const void *value, socklen_t len) AS("setsockopt");
int engine_asks_for_peer(int fd, struct sockaddr *from, socklen_t *len) AS("getpeername");
int engine_closes(int fd) AS("close");

static int (*next_bind)(int, const struct sockaddr *, socklen_t);
static int (*next_listen)(int, int);
static int (*next_accept4)(int, struct sockaddr *, socklen_t *, int);
static int (*next_setsockopt)(int, int, int, const void *, socklen_t);
static int (*next_getpeername)(int, struct sockaddr *, socklen_t *);
static int (*next_close)(int);

/* find stores the function of a name that the one here hides. POSIX has pointers of both sorts be of one size. */
static void find(void *pointer, size_t size, const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    memcpy(pointer, &function, size);
}

/* Others' constructors may have closed something before this one ran. */
static void find_system(void) {
    if (next_close) return;
    find(&next_bind, sizeof(next_bind), "bind");
    find(&next_listen, sizeof(next_listen), "listen");
    find(&next_accept4, sizeof(next_accept4), "accept4");
    find(&next_setsockopt, sizeof(next_setsockopt), "setsockopt");
    find(&next_getpeername, sizeof(next_getpeername), "getpeername");
    find(&next_close, sizeof(next_close), "close");
}

__attribute__((constructor)) static void begin(void) { find_system(); }

int gate_is_in_front(void) { return dlsym(RTLD_DEFAULT, "listen") != dlsym(RTLD_NEXT, "listen"); }

int system_bind(int fd, const struct sockaddr *at, socklen_t len) { return next_bind(fd, at, len); }
int system_listen(int fd, int backlog) { return next_listen(fd, backlog); }
int system_accept4(int fd, struct sockaddr *from, socklen_t *len, int flags) {
    return next_accept4(fd, from, len, flags);
}
int system_setsockopt(int fd, int level, int option, const void *value, socklen_t len) {
    return next_setsockopt(fd, level, option, value, len);
}
int system_close(int fd) {
    find_system();
    return next_close(fd);
}

int64_t monotonic_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The engine's listeners, by the numbers of their files. 0: the file is none; else 1 + the kind. Between bind and listen it is
 * below 0. The engine opens its listeners, and accepts, on its main thread; on others it closes files, too. */
#define LISTENERS 4096
static atomic_schar listeners[LISTENERS];

/* What the engine was given last, until it is closed. The file is looked at by all threads. */
static struct arrival last;
static atomic_int last_file = -1;

int gate_last_given(void) { return last_file; }

static int is_gates(const struct sockaddr *at, socklen_t len, enum kind *kind) {
    struct sockaddr_in v4;
    if (at->sa_family != AF_INET || len < sizeof(v4)) return 0;
    memcpy(&v4, at, sizeof(v4));
    if (v4.sin_addr.s_addr != inet_addr(GATE_ADDRESS)) return 0;
    *kind = ntohs(v4.sin_port) == GATE_TLS_PORT ? TLS : PLAINTEXT;
    return 1;
}

static int is_in_table(int fd) { return fd >= 0 && fd < LISTENERS; }

int engine_binds(int fd, const struct sockaddr *at, socklen_t len) {
    enum kind kind;
    find_system();
    if (!is_in_table(fd) || !is_gates(at, len, &kind)) return next_bind(fd, at, len);
    listeners[fd] = (signed char)(-1 - (int)kind);
    unsetenv("LD_PRELOAD"); /* this is the engine, not a script that begins it: what it begins itself is not to have the library */
    return 0;
}

/* The socket is put away, and the engine has the gate's file under its number. */
int engine_listens(int fd, int backlog) {
    find_system();
    if (!is_in_table(fd) || listeners[fd] >= 0) return next_listen(fd, backlog);
    int kind = -1 - (int)listeners[fd], file = listener_file((enum kind)kind);
    if (file < 0 || dup2(file, fd) < 0) {
        listeners[fd] = 0;
        return -1;
    }
    listeners[fd] = (signed char)(1 + kind);
    return 0;
}

static void tell_endpoint(const struct endpoint *e, struct sockaddr *at, socklen_t *len) {
    memcpy(at, &e->at, *len < e->len ? *len : e->len);
    *len = e->len;
}

int engine_accepts4(int fd, struct sockaddr *from, socklen_t *len, int flags) {
    struct arrival a;
    find_system();
    if (!is_in_table(fd) || listeners[fd] <= 0) return next_accept4(fd, from, len, flags);
    if (!next_arrival((enum kind)(listeners[fd] - 1), &a)) {
        errno = EAGAIN;
        return -1;
    }
    if (from && len) tell_endpoint(&a.from, from, len);
    last = a;
    return last_file = a.fd;
}

int engine_accepts(int fd, struct sockaddr *from, socklen_t *len) { return engine_accepts4(fd, from, len, 0); }

int engine_sets(int fd, int level, int option, const void *value, socklen_t len) {
    find_system();
    if (fd >= 0 && fd == last_file && has_inherited(&last, level, option, value, len)) return 0;
    return next_setsockopt(fd, level, option, value, len);
}

int engine_asks_for_peer(int fd, struct sockaddr *from, socklen_t *len) {
    struct endpoint e;
    find_system();
    if (!from || !len || !handed_peer(fd, &e)) return next_getpeername(fd, from, len);
    tell_endpoint(&e, from, len);
    return 0;
}

int engine_closes(int fd) {
    if (fd >= 0 && fd == last_file) last_file = -1;
    if (is_in_table(fd) && listeners[fd]) listeners[fd] = 0;
    hand_in(fd);
    return system_close(fd);
}
