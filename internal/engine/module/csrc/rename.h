/* New names of commands, which clients must use instead of the engine's. For the engine's main thread.
 *
 * The filter puts the engine's name into the place of a new one, so that everything behind it knows only that. A name that was given up becomes
 * one that reads the same and that the engine does not find, so that it answers with its own "unknown command". Of who is no client nothing is renamed: replication and the
 * service speak the engine's language, and so do scripts. */
#ifndef AIKAGI_RENAME_H
#define AIKAGI_RENAME_H

#include "redismodule_abi.h"

#define MOST_RENAMES 256

/* set_renames takes pairs, OLD NEW OLD NEW, separated by blanks. It returns NULL, or else what is wrong, and with which word of them;
 * then all is as before. */
const char *set_renames(RedisModuleString *pairs, const char **about, size_t *about_len);

/* renames returns the pairs as they were set, which stay the module's. */
RedisModuleString *renames(void);

/* rename_command is for each command. It returns 0 for one that is unknown now. For the filter. */
int rename_command(RedisModuleCommandFilterCtx *cmd);

#endif
