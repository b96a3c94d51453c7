/* What is counted, and the file that keeps it: mapped, so that counting is a store to memory
 * and a kill -9 of the engine loses nothing.
 *
 * Only the engine's main thread writes. A forked snapshot child has the mapping, too, and
 * never gets to any code here. A kill can come between any two stores, and a crash of the machine can
 * leave older pages beside newer ones: so no entry is trusted that open_usage has not checked, and
 * clients name their credential instead of pointing at it. */
#ifndef AIKAGI_USAGEFILE_H
#define AIKAGI_USAGEFILE_H

#include <stdint.h>

#include "credential.h"
#include "redismodule_abi.h"

#define USAGE_MAGIC "aikagiU"
#define USAGE_LAYOUT 2
#define CREDENTIALS 256 /* a user group has 100 users at the most, each with two passwords */
#define CLIENTS 512
#define SECONDS 64 /* at least the 60 that are asked for */
#define CLIENT_ADDRESS 46
#define CLIENT_NAME 65

/* The first two credentials are always there. */
#define NONE 0
#define UNKNOWN 1

/* The name under which connections without TLS are counted, whatever they logged in with, as if it were a credential. */
#define PLAINTEXT_NAME "plaintext"

struct second {
    uint32_t at, count;
};

/* Times are milliseconds since 1970, 0 for never. */
struct credential {
    char name[CREDENTIAL_NAME]; /* see credential.h, or NONE, unknown or plaintext; empty: the entry is free */
    uint64_t authentications, refused, closed;
    int64_t first_used, last_used, first_refused, last_refused;
    int64_t touched;                      /* for giving up the oldest; of NONE: 0 if it was never held */
    uint64_t other_closed, other_refused; /* of clients given up */
    int64_t other_first, other_last;
};

struct client {
    char credential[CREDENTIAL_NAME]; /* empty: the entry is free */
    char address[CLIENT_ADDRESS], name[CLIENT_NAME];
    uint64_t closed, refused;
    int64_t first, last;
};

struct usage {
    char magic[8];
    uint32_t layout, size;
    uint64_t none_open; /* connections of NONE that a kill of the engine would end uncounted */
    struct credential credentials[CREDENTIALS];
    struct client clients[CLIENTS];
    struct second seconds[CREDENTIALS][SECONDS]; /* last: the pages of those that are not used are never touched */
};

extern struct usage *usage;  /* NULL before open_usage, and mapped until the engine ends */
extern int usage_survives; /* the numbers are in the file */

/* open_usage maps the file in the engine's working directory, or memory where that is not possible, and makes whatever
 * is there something that can be counted on. It returns 0 when there is not even memory. */
int open_usage(RedisModuleCtx *ctx);

/* find_credential returns a credential's place, or -1. */
int find_credential(const char *name);

/* copy_word cuts what does not fit into size bytes, and always ends with a NUL. */
void copy_word(char *to, const char *from, size_t size);

#endif
