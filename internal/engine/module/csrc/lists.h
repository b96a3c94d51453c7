/* Which commands clients do not have: those of the module, and those that the configuration calls by secret names. For
 * the engine's main thread. */
#ifndef AIKAGI_LISTS_H
#define AIKAGI_LISTS_H

#include "redismodule_abi.h"

/* find_hidden asks the engine for every command that it lists whether it is there by that name. It is called once, before
 * the module has commands. */
void find_hidden(RedisModuleCtx *ctx);

/* is_hidden judges a name as engines list it, also of a subcommand: "config|get". */
int is_hidden(const char *name, size_t len);

#endif
