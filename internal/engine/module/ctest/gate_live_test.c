/* The gate as a whole, in this program: real sockets, and an engine that is a loop over accept. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "gate/gate.h"
#include "gate/handed.h"
#include "gate/queue.h"
#include "gate/system.h"
#include "gate/tcp.h"

#define HOST "127.0.0.1"

static int engine[KINDS]; /* its listeners */

static int engine_listens_on(unsigned port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    inet_pton(AF_INET, GATE_ADDRESS, &at.sin_addr);
    CHECK(bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(fd, 511) == 0);
    return fd;
}

static void start_engine(void) {
    engine[PLAINTEXT] = engine_listens_on(6379);
    engine[TLS] = engine_listens_on(GATE_TLS_PORT);
}

static int port; /* of the last order */

/* obey has the gate listen on a port that is free, with the rest of the line, and more lines. */
static int obey_at(int at, const char *rest) {
    char order[512], why[256] = "";
    snprintf(order, sizeof(order), "listen " HOST " %d %s", at, rest);
    int done = gate_obey(order, strlen(order), why, sizeof(why));
    if (!done) CHECK_HAS(why, "Address already in use");
    return done;
}

static void obey(const char *rest) {
    for (int at = port ? port : 20000 + getpid() % 20000; !obey_at(at, rest); at++) CHECK(at < 60000);
}

static void find_port(void) {
    for (port = 20000 + getpid() % 20000; !obey_at(port, "none -"); port++) CHECK(port < 60000);
}

static int try_connect(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct timeval limit = {.tv_sec = 20};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    inet_pton(AF_INET, HOST, &to.sin_addr);
    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0) return fd;
    close(fd);
    return -1;
}

static int client(void) {
    int fd = try_connect();
    CHECK(fd >= 0);
    return fd;
}

/* accepted waits until the engine has a socket of either kind. */
static int accepted(enum kind *kind) {
    struct pollfd p[KINDS] = {{.fd = engine[PLAINTEXT], .events = POLLIN}, {.fd = engine[TLS], .events = POLLIN}};
    for (;;) {
        CHECK(poll(p, KINDS, 20000) > 0);
        for (int k = 0; k < KINDS; k++) {
            struct sockaddr_storage from;
            socklen_t len = sizeof(from);
            int fd = p[k].revents ? accept4(p[k].fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC) : -1;
            if (fd >= 0) return *kind = (enum kind)k, CHECK(len == sizeof(struct sockaddr_in)), fd;
            CHECK(!p[k].revents || errno == EAGAIN);
        }
    }
}

static void say_byte(int fd, unsigned char byte) { CHECK(send(fd, &byte, 1, MSG_NOSIGNAL) == 1); }

static int is_ended(int fd) {
    char got[128];
    ssize_t n;
    while ((n = recv(fd, got, sizeof(got), 0)) > 0) continue;
    return n == 0 || errno == ECONNRESET;
}

/* Every first byte, where both kinds are let in. */
static void first_bytes(void) {
    enum kind kind;
    start_engine();
    find_port();
    obey("preferred -");
    for (int byte = 0; byte < 256; byte++) {
        int fd = client();
        say_byte(fd, (unsigned char)byte);
        int got = accepted(&kind);
        unsigned char first = 0;
        CHECK(kind == (byte == 22 ? TLS : PLAINTEXT));
        CHECK(recv(got, &first, 1, 0) == 1 && first == byte); /* it was looked at, not taken */
        close(got);
        close(fd);
    }
}

static void engines_listeners(void) {
    struct sockaddr_in from;
    socklen_t len = sizeof(from);
    enum kind kind;
    start_engine();
    errno = 0;
    CHECK(accept4(engine[TLS], (struct sockaddr *)&from, &len, 0) == -1 && errno == EAGAIN);
    find_port();
    int fd = client(), got = accepted(&kind);
    CHECK(kind == PLAINTEXT);
    close(got);
    CHECK(is_ended(fd));
    close(fd);
    close(engine[PLAINTEXT]); /* and what comes now waits for the next one */
    fd = client();
    engine[PLAINTEXT] = engine_listens_on(6379);
    got = accepted(&kind);
    close(got);
    close(fd);
    /* Other sockets of the engine's are the system's. */
    struct sockaddr_in any = {.sin_family = AF_INET};
    inet_pton(AF_INET, HOST, &any.sin_addr);
    int own = socket(AF_INET, SOCK_STREAM, 0);
    len = sizeof(any);
    CHECK(bind(own, (struct sockaddr *)&any, sizeof(any)) == 0 && listen(own, 1) == 0);
    CHECK(getsockname(own, (struct sockaddr *)&any, &len) == 0);
    fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(connect(fd, (struct sockaddr *)&any, sizeof(any)) == 0);
    got = accept(own, NULL, NULL);
    CHECK(got >= 0);
    close(got);
    close(fd);
    close(own);
}

/* Where a client comes from is what the system says, also into little room, and after it is gone, when the system does not know any more. */
static void peers(void) {
    struct linger at_once = {.l_onoff = 1};
    struct sockaddr_in own, from = {.sin_port = 1};
    socklen_t len = sizeof(own), little = 4;
    enum kind kind;
    start_engine();
    find_port();
    int fd = client(), got = accepted(&kind);
    CHECK(getsockname(fd, (struct sockaddr *)&own, &len) == 0);
    CHECK(getpeername(got, (struct sockaddr *)&from, &little) == 0 && little == sizeof(from) && from.sin_port == own.sin_port && !from.sin_addr.s_addr);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close(fd);
    CHECK(is_ended(got));
    CHECK(getpeername(got, (struct sockaddr *)&from, &len) == 0 && memcmp(&from, &own, sizeof(own)) == 0);
    close(got);
    CHECK(getpeername(got, (struct sockaddr *)&from, &len) == -1 && errno == EBADF);
    int other = socket(AF_INET, SOCK_STREAM, 0); /* by the number of a file that was a client's */
    CHECK(other == got || other == fd);
    CHECK(getpeername(other, (struct sockaddr *)&from, &len) == -1 && errno == ENOTCONN);
    close(other);
}

static void set(int fd, int option, int value) { CHECK(setsockopt(fd, IPPROTO_TCP, option, &value, sizeof(value)) == 0); }

static int has(int fd, int option) {
    int value = -1;
    socklen_t len = sizeof(value);
    CHECK(getsockopt(fd, IPPROTO_TCP, option, &value, &len) == 0);
    return value;
}

/* set_is_for_nothing says whether setting what an option is already goes no further than the gate: a value that it does not know of stays. */
static int set_is_for_nothing(int fd, int option) {
    int value = has(fd, option), other = 77;
    CHECK(system_setsockopt(fd, IPPROTO_TCP, option, &other, sizeof(other)) == 0);
    set(fd, option, value);
    return has(fd, option) == other;
}

/* What the engine sets on one connection the next ones have, from when nobody is left who came before. */
static void inheritance(void) {
    enum kind kind;
    start_engine();
    find_port();
    int fds[] = {client(), client(), client(), client()}, first = accepted(&kind);
    CHECK(has(first, TCP_NODELAY) == 1 && has(first, TCP_KEEPIDLE) == 7200);
    set(first, TCP_KEEPIDLE, 300);
    CHECK_NUMBER(has(first, TCP_KEEPIDLE), 300);
    CHECK(!set_is_for_nothing(first, TCP_KEEPIDLE));
    int second = accepted(&kind), third = accepted(&kind);
    CHECK_NUMBER(has(third, TCP_KEEPIDLE), 7200); /* it came before */
    set(third, TCP_KEEPIDLE, 300);
    CHECK_NUMBER(has(third, TCP_KEEPIDLE), 300);
    int fourth = accepted(&kind);
    CHECK(accept4(engine[PLAINTEXT], NULL, NULL, 0) < 0);
    int later = client(), fifth = accepted(&kind);
    CHECK_NUMBER(has(fifth, TCP_KEEPIDLE), 300);
    CHECK(set_is_for_nothing(fifth, TCP_KEEPIDLE));
    set(fifth, TCP_NODELAY, 0);
    CHECK_NUMBER(has(fifth, TCP_NODELAY), 0);
    set(fifth, TCP_NODELAY, 1);
    CHECK_NUMBER(has(fifth, TCP_NODELAY), 1);
    set(fifth, TCP_KEEPIDLE, 400); /* as when the parameter was changed */
    CHECK_NUMBER(has(fifth, TCP_KEEPIDLE), 400);
    int last = client(), sixth;
    CHECK(accept4(engine[PLAINTEXT], NULL, NULL, 0) >= 0 && accept4(engine[PLAINTEXT], NULL, NULL, 0) < 0);
    int end = client();
    sixth = accepted(&kind);
    CHECK(has(sixth, TCP_NODELAY) == 1 && has(sixth, TCP_KEEPIDLE) == 400);
    int keepalive = -1;
    socklen_t len = sizeof(keepalive);
    CHECK(getsockopt(sixth, SOL_SOCKET, SO_KEEPALIVE, &keepalive, &len) == 0 && !keepalive);
    close(sixth);
    int own = socket(AF_INET, SOCK_STREAM, 0); /* by the number of a file that was a client's */
    CHECK(own == sixth);
    set(own, TCP_NODELAY, 1);
    CHECK_NUMBER(has(own, TCP_NODELAY), 1);
    int all[] = {own, first, second, third, fourth, fifth, later, last, end};
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) close(all[i]);
    for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++) close(fds[i]);
}

/* A client that resets its connection at any time leaves nothing behind. */
static void resets(void) {
    struct linger at_once = {.l_onoff = 1};
    enum kind kind;
    start_engine();
    find_port();
    obey("required -");
    for (int i = 0; i < 200; i++) {
        int fd = client();
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
        close(fd);
    }
    int fd = client();
    say_byte(fd, 22);
    close(accepted(&kind));
    CHECK(kind == TLS && is_ended(fd));
    close(fd);
    CHECK_NUMBER(handed_count(TLS), 0);
}

static void fork_in_between(void) {
    enum kind kind;
    start_engine();
    find_port();
    int pipes[2];
    CHECK(pipe(pipes) == 0);
    pid_t child = fork();
    if (!child) { /* it lives until the parent is done */
        char byte;
        close(pipes[1]);
        _exit(read(pipes[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(pipes[0]);
    for (int i = 0; i < 50; i++) {
        int fd = client();
        close(accepted(&kind));
        CHECK(is_ended(fd)); /* the child has no copy that keeps it */
        close(fd);
    }
    char why[256];
    CHECK(gate_obey("", 0, why, sizeof(why)) && try_connect() < 0); /* and no listener */
    int status;
    close(pipes[1]);
    CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static void obey_two(int first, const char *one, int second, const char *other) {
    char order[256], why[256];
    snprintf(order, sizeof(order), "listen " HOST " %d %s\nlisten " HOST " %d %s", first, one, second, other);
    CHECK(gate_obey(order, strlen(order), why, sizeof(why)));
}

/* While the engine takes none of one kind, and their queue is full, who is of the other one is let in; and the first goes on when there is room. */
static void one_full_queue(void) {
    enum kind kind;
    start_engine();
    find_port();
    int both = port, plain, fds[QUEUE + 20];
    for (port++; !obey_at(port, "none -"); port++) CHECK(port < 60000);
    plain = port;
    obey_two(both, "preferred -", plain, "none -");
    port = both;
    for (int i = 0; i < QUEUE + 20; i++) {
        fds[i] = client();
        say_byte(fds[i], 22);
        if (i % 100 == 0) CHECK(accept4(engine[PLAINTEXT], NULL, NULL, 0) < 0); /* the system's own queue is no longer than ours */
    }
    while (queue_state(TLS).now < QUEUE) CHECK(accept4(engine[PLAINTEXT], NULL, NULL, 0) < 0);
    port = plain;
    int fd = client();
    struct pollfd p = {.fd = engine[PLAINTEXT], .events = POLLIN};
    CHECK(poll(&p, 1, 20000) == 1);
    int got = accept4(engine[PLAINTEXT], NULL, NULL, SOCK_CLOEXEC);
    CHECK(got >= 0);
    close(got);
    close(fd);
    for (int i = 0; i < QUEUE + 20; i++) {
        close(accepted(&kind));
        CHECK(kind == TLS);
        close(fds[i]);
    }
}

static atomic_int stop;

static void *come_and_go(void *nothing) {
    while (!stop) {
        int fd = try_connect();
        if (fd < 0) continue;
        unsigned char byte = (unsigned char)(fd % 3 ? 22 : 'P');
        if (fd % 5) send(fd, &byte, 1, MSG_NOSIGNAL);
        if (fd % 2) is_ended(fd);
        close(fd);
    }
    return nothing;
}

/* Orders of all sorts while clients come and go: nothing races, and nothing is left in the end. */
static void orders_under_load(void) {
    static const char *const orders[] = {
        "none -", "preferred -\nsilent 1", "required -\nend 5\nsilent 20", "preferred web", "preferred web\nallow web 127.0.0.0/8\nclients 2", "preferred -\nwatch\nend 5\nleft 127.0.0.1 6379",
        "none -\nservice 127.0.0.1/32\nclients 1",
    };
    pthread_t clients[4];
    char text[64];
    start_engine();
    find_port();
    for (int i = 0; i < 4; i++) CHECK(pthread_create(&clients[i], NULL, come_and_go, NULL) == 0);
    for (int i = 0; i < 2000; i++) {
        struct pollfd p[KINDS] = {{.fd = engine[PLAINTEXT], .events = POLLIN}, {.fd = engine[TLS], .events = POLLIN}};
        poll(p, KINDS, 1);
        for (int k = 0; k < KINDS; k++) {
            int fd = accept4(engine[k], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (fd >= 0) close(fd);
        }
        if (i % 10 == 0) obey(orders[(size_t)(i / 10) % (sizeof(orders) / sizeof(*orders))]);
        if (i % 100 == 0) {
            FILE *out = fopen("/dev/null", "w");
            gate_report(out);
            fclose(out);
        }
    }
    snprintf(text, sizeof(text), "required web"); /* nobody is let in any more */
    stop = 1;
    obey(text);
    for (int k = 0, fd; k < KINDS; k++)
        while ((fd = accept4(engine[k], NULL, NULL, 0)) >= 0) close(fd);
    for (int i = 0; i < 4; i++) pthread_join(clients[i], NULL);
    for (int k = 0, fd; k < KINDS; k++)
        while ((fd = accept4(engine[k], NULL, NULL, 0)) >= 0) close(fd);
    CHECK_NUMBER(handed_count(PLAINTEXT) + handed_count(TLS) + clients_count(), 0);
}

/* reported writes what the gate reports; the caller frees it. */
static char *reported(void) {
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    gate_report(out);
    fclose(out);
    return text;
}

/* Who came by a place that is left is noted, and sent away within the order's time, not by rules that let nobody in there any more. */
static void place_is_left(void) {
    char rest[128], word[64], *text;
    enum kind kind;
    start_engine();
    find_port();
    int there = client(), first = accepted(&kind); /* before anybody watches */
    obey("none -\nwatch");
    int fd = client(), second = accepted(&kind);
    close(fd);
    CHECK(is_ended(second));
    close(second);
    snprintf(word, sizeof(word), "guest " HOST " at=" HOST " port=%d open=1 opened=2 age=0", port);
    text = reported();
    CHECK_HAS(text, word);
    CHECK_HAS(text, " watch=1 ");
    free(text);
    snprintf(rest, sizeof(rest), "none nobody\nallow nobody 10.0.0.1/32\nwatch\nend 5\nleft " HOST " %d", port);
    obey(rest);
    CHECK(is_ended(there));
    close(there);
    close(first);
    text = reported();
    CHECK_HAS(text, "ended rules=0 mode=0 left=0 barred-clients=0 shut-out=0 leaving=1 leaving-clients=1\n");
    free(text);
    fd = client(); /* and nobody else comes in */
    CHECK(accept4(engine[kind], NULL, NULL, 0) < 0 && is_ended(fd));
    close(fd);
    obey("none -");
    text = reported();
    CHECK(!strstr(text, "guest "));
    free(text);
}

const struct test gate_live_tests[] = {
    {"gate first bytes", first_bytes},
    {"gate engine's listeners", engines_listeners},
    {"gate peers", peers},
    {"gate inheritance", inheritance},
    {"gate resets", resets},
    {"gate fork", fork_in_between},
    {"gate place is left", place_is_left},
    {"gate one full queue", one_full_queue},
    {"gate orders under load", orders_under_load},
    {NULL, NULL},
};
