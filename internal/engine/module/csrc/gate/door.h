/* The listeners that clients connect to. */
#ifndef AIKAGI_GATE_DOOR_H
#define AIKAGI_GATE_DOOR_H

#include <stdint.h>

#include "order.h"
#include "queue.h"
#include "refused.h"

#define BACKLOG 511 /* the engines' own */

struct door {
    int fd, open; /* fd is good while it is open */
    int suspended; /* see arrival.h */
    int watched;   /* by watch.h, in the file of a kind */
    enum kind watch;
    unsigned heirs; /* what those have who come now: see inherit.h */
    struct door_order order;
    uint64_t accepted[KINDS], refused[WHYS]; /* since it was opened */
};

/* open_door returns a listener that nobody watches yet; NULL with a reason. */
struct door *open_door(const struct door_order *order, char *why, size_t size);

/* close_door lets the address go: others can listen on it at once. */
void close_door(struct door *d);

/* find_door returns the open listener at an address, or NULL. */
struct door *find_door(const struct address *at, unsigned port);

/* door_at returns the listener of an index, NULL when it is not open. */
struct door *door_at(int index);
int index_of_door(const struct door *d);

/* next_door returns the open one after d, the first for NULL, and NULL after the last. */
struct door *next_door(const struct door *d);

#endif
