/* Which connections a CLIENT KILL looks for. For the engine's main thread.
 *
 * Engines combine filters with "and", and have none that excludes (before Valkey 8.1), so it is
 * decided here which connections match. */
#ifndef AIKAGI_WANTED_H
#define AIKAGI_WANTED_H

#include "lines.h"
#include "redismodule_abi.h"

/* Of what is said twice the last one counts. All words are those of the command, which has to outlive this. */
struct wanted {
    const RedisModuleString *address, *local, *user; /* NULL: any */
    RedisModuleString **ids;                         /* of connections */
    int ids_len;                                     /* 0: any */
    long long max_age;                               /* seconds; 0: any */
    int skip_me;
    RedisModuleString **list; /* arguments for CLIENT LIST: the rest is for it to judge */
    size_t list_len;
};

/* read_wanted reads the filters of a command that the engine has found right. list is to have room for argc words, and
 * stays the caller's. */
struct wanted read_wanted(RedisModuleString **argv, int argc, RedisModuleString **list);

/* is_wanted judges a line of what CLIENT LIST answered to w.list. */
int is_wanted(const struct wanted *w, const struct line *line);

#endif
