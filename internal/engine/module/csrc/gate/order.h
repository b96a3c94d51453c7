/* An order says what the gate is to do from now on, whole, as lines of words. A word has no blank in it.
 *
 *   listen ADDRESS PORT MODE RULES [shared]   MODE: none, preferred, required; RULES: a name, or - for everybody
 *   allow RULES ADDRESS/BITS                  a network that RULES let in; rules without any let nobody in
 *   service ADDRESS/BITS                      where the service's own connections come from
 *   clients N                                 how many connections others than the service can have
 *   source N                                  how many of them can come from one source (sources.h)
 *   rate N                                    how many of them can come from one source in a second
 *   silent MILLISECONDS                       how long a socket may say nothing
 *   away                                      who came through listeners that are left is sent away: at once, but for the service
 *   end MILLISECONDS                          over how long connections are ended that a mode does not allow any more, or that are to leave
 *   left ADDRESS PORT                         who came there is to leave, but for the service; others can listen there, or this gate for others
 *   watch                                     who comes is noted, by listener and address (guests.h)
 *
 * Reading one is pure. */
#ifndef AIKAGI_GATE_ORDER_H
#define AIKAGI_GATE_ORDER_H

#include <stdint.h>

#include "address.h"

#define DOORS 64     /* listeners */
#define RULES 64     /* names of rules */
#define NETWORKS 2048 /* of all rules together */
#define LEFT 16      /* addresses that are left */
#define RULES_NAME 64

#define EVERYBODY (-1)

/* What a listener takes: plaintext, both, TLS. */
enum mode { MODE_NONE, MODE_PREFERRED, MODE_REQUIRED };

struct door_order {
    struct address address;
    unsigned port;
    enum mode mode;
    int rules; /* index of a name, or EVERYBODY */
    int shared; /* others listen on the same address and port, and the kernel spreads connections */
};

struct rules {
    char names[RULES][RULES_NAME];
    int names_count;
    struct network networks[NETWORKS];
    short of[NETWORKS]; /* index of the name */
    int networks_count;
};

struct left {
    struct address address;
    unsigned port;
};

struct order {
    struct door_order doors[DOORS];
    int doors_count;
    struct left left[LEFT];
    int left_count;
    struct rules rules;
    struct network service;
    int has_service, away, watch;
    long clients; /* 0: no limit but the engine's */
    long source, rate; /* of one source; 0: no limit */
    int64_t silent_ms, end_ms;
};

/* read_order returns 0, with a reason that names the line, for what is no order. */
int read_order(const char *text, size_t len, struct order *o, char *why, size_t size);

/* allows says whether rules let an address in. */
int allows(const struct rules *r, int rules, const struct address *a);

/* mode_word and rules_word are how an order and a report write them. */
const char *mode_word(enum mode mode);
const char *rules_word(const struct rules *r, int rules);

#endif
