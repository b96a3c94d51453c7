#include "door.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "inherit.h"
#include "system.h"

static struct door doors[DOORS];

static int listen_at(const struct door_order *order) {
    struct endpoint e = endpoint_of(&order->address, order->port);
    int yes = 1, fd = socket(e.at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    /* An address that the machine has lost for a moment, as with its cable, must not keep the others from being opened. */
    int v6 = e.at.ss_family == AF_INET6;
    (void)setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_FREEBIND : IP_FREEBIND, &yes, sizeof(yes));
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
        (!order->shared || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes)) == 0) &&
        (e.at.ss_family != AF_INET6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes)) == 0) &&
        bequeath(fd) && system_bind(fd, (struct sockaddr *)&e.at, e.len) == 0 && system_listen(fd, BACKLOG) == 0)
        return fd;
    int failed = errno;
    system_close(fd);
    errno = failed;
    return -1;
}

struct door *open_door(const struct door_order *order, char *why, size_t size) {
    struct door *d = doors;
    while (d < doors + DOORS && d->open) d++;
    if (d == doors + DOORS) return snprintf(why, size, "too many listeners"), NULL;
    int fd = listen_at(order);
    if (fd < 0) {
        int failed = errno;
        char text[ADDRESS_TEXT];
        address_text(&order->address, text);
        snprintf(why, size, "cannot listen on %s port %u: %s", text, order->port, strerror(failed));
        return NULL;
    }
    memset(d, 0, sizeof(*d));
    d->fd = fd;
    d->open = 1;
    d->order = *order;
    return d;
}

/* A child that was forked a moment ago has the listener still. Shut down it is nobody's listener any more. */
void close_door(struct door *d) {
    shutdown(d->fd, SHUT_RDWR);
    system_close(d->fd);
    d->open = 0;
}

struct door *find_door(const struct address *at, unsigned port) {
    for (struct door *d = NULL; (d = next_door(d));)
        if (d->order.port == port && same_address(&d->order.address, at)) return d;
    return NULL;
}

struct door *door_at(int index) { return index >= 0 && index < DOORS && doors[index].open ? &doors[index] : NULL; }

int index_of_door(const struct door *d) { return (int)(d - doors); }

struct door *next_door(const struct door *d) {
    for (size_t i = d ? (size_t)(d - doors) + 1 : 0; i < DOORS; i++)
        if (doors[i].open) return &doors[i];
    return NULL;
}
