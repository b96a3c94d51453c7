#include "inherit.h"

#include <string.h>

#include "door.h"
#include "system.h"
#include "tcp.h"

/* What the engine last asked for, and since which change all listeners have it; 0: not all do. */
static struct bequest {
    int option, value, fixed;
    unsigned since;
} bequests[] = {
    {.option = TCP_NODELAY, .value = 1, .fixed = 1, .since = 1}, /* fixed: a link with repl-disable-tcp-nodelay is the only one that has another */
    {.option = TCP_KEEPIDLE},
    {.option = TCP_KEEPINTVL},
    {.option = TCP_KEEPCNT},
};
static unsigned changes = 1;

#define BEQUESTS (sizeof(bequests) / sizeof(*bequests))

static int give(int fd, const struct bequest *b) { return system_setsockopt(fd, IPPROTO_TCP, b->option, &b->value, sizeof(b->value)) == 0; }

int bequeath(int fd) {
    for (struct bequest *b = bequests; b < bequests + BEQUESTS; b++)
        if (b->since && !give(fd, b)) return 0;
    return 1;
}

void heirs_only(struct door *d) { d->heirs = changes; }

static void change(struct bequest *b, int value) {
    b->value = value;
    b->since = 0;
    for (struct door *d = NULL; (d = next_door(d));)
        if (!give(d->fd, b)) return;
    b->since = ++changes;
}

static struct bequest *bequest_of(int option) {
    for (struct bequest *b = bequests; b < bequests + BEQUESTS; b++)
        if (b->option == option) return b;
    return NULL;
}

int has_inherited(struct arrival *a, int level, int option, const void *value, socklen_t len) {
    struct bequest *b = level == IPPROTO_TCP && len == sizeof(int) ? bequest_of(option) : NULL;
    int asked;
    if (!b) return 0;
    memcpy(&asked, value, sizeof(asked));
    if (b->since && b->value == asked) return a->heir >= b->since;
    if (b->fixed) a->heir = 0; /* from now on it is one of its own */
    else change(b, asked);
    return 0;
}
