/* The commands of the module that stand in for the engine's: the filter puts their names in
 * the place of the engine's, and each of them asks the engine and cleans the answer.
 *
 * Clients see the engine's names only. A stand-in that a client calls by its own name does not exist. For the engine's
 * main thread. */
#ifndef AIKAGI_STANDIN_H
#define AIKAGI_STANDIN_H

#include "redismodule_abi.h"

#define MODULE_PREFIX "aikagi."
#define GATE_COMMAND MODULE_PREFIX "gate" /* so is this, of direct.c */
#define USAGE_COMMAND MODULE_PREFIX "usage" /* a command of the service's alone, which report.c carries out */

enum stand_in {
    ACL_CAT,
    ACL_DRYRUN,
    ACL_LIST,
    ACL_LOG,
    ACL_USERS,
    CLIENT_KILL,
    CLIENT_LIST,
    CLIENT_UNBLOCK,
    COMMAND,
    INFO,
    LATENCY_HISTOGRAM,
    RESTORE,
    SLOWLOG_GET,
    STAND_INS
};

#define OWN_COMMANDS (STAND_INS + 2) /* with those of the service alone */

/* create_stand_ins registers them all, when the module is loaded. It returns 0 when the engine refuses one. */
int create_stand_ins(RedisModuleCtx *ctx);

/* create_own_command registers a command that is the service's alone; 0 when the engine refuses it. */
int create_own_command(RedisModuleCtx *ctx, const char *name, RedisModuleCmdFunc own);

/* stand_in has the command carried out by ours. For the filter. */
void stand_in(RedisModuleCommandFilterCtx *cmd, enum stand_in which);

/* is_ours says of the name of a command whether it is one of the module's. */
int is_ours(const char *name, size_t len);

/* original_of returns what the client called, for a name that it must not see; NULL if that is
 * no stand-in's. Before 7.0 engines name no subcommands; len is then that of the command. The text is never freed. */
const char *original_of(const char *name, size_t name_len, size_t *len);

/* reply_unknown is what the engine says of a command that it does not know. */
int reply_unknown(RedisModuleCtx *ctx, RedisModuleString **argv, int argc);

#endif
