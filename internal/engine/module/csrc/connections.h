/* The table of clients' open connections.
 *
 * The engine says who it was when a connection ends, but not whether it was opened while no
 * token was asked for, nor by which of its user's passwords it came, and after a reset not even from where. So each open one has 56 bytes here. For the engine's main
 * thread. */
#ifndef AIKAGI_CONNECTIONS_H
#define AIKAGI_CONNECTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "credential.h"

struct connection {
    uint64_t id;         /* 0: the place is free */
    unsigned char ip[16]; /* v4 addresses are mapped */
    uint32_t opened;     /* seconds since 1970 */
    uint8_t none;        /* opened while no token was asked for */
    uint8_t open_none;   /* in none_open */
    uint8_t tried;       /* a login was refused on it, as far as that is known */
    uint8_t plaintext;   /* without TLS */
    int file;            /* that it has, if it is in plaintext; -1: not known */
    uint8_t writer;      /* it wrote to a replica, and is about to be closed */
    uint8_t redirects;   /* its client is told the primary, rather than READONLY */
    char password[FINGERPRINT_LEN + 1]; /* of its user's, by which it logged in, as far as that is known */
};

/* The table owns its connections. A pointer to one is good until the next add_connection or remove_connection. */

/* add_connection enters a connection, empty but for its id, which is not 0. */
struct connection *add_connection(uint64_t id);

/* find_connection returns NULL for one that is not in the table. */
struct connection *find_connection(uint64_t id);

void remove_connection(struct connection *c);

/* next_connection returns the one after c, of all in no particular order; the first for NULL, and NULL after the last. */
struct connection *next_connection(const struct connection *c);

size_t count_connections(void);

#endif
