/* What carries out the commands of the module. Each is called by the engine, on its main thread, with the arguments of
 * the command that the client sent (argv[0] is the stand-in's name), answers once, and returns REDISMODULE_OK. The
 * arguments are the engine's. */
#ifndef AIKAGI_HANDLERS_H
#define AIKAGI_HANDLERS_H

#include "redismodule_abi.h"

#define AIKAGI_HANDLER(name) int name(RedisModuleCtx *ctx, RedisModuleString **argv, int argc)

/* acl.c */
AIKAGI_HANDLER(handle_acl_dryrun);
AIKAGI_HANDLER(handle_acl_list);
AIKAGI_HANDLER(handle_acl_users);
/* clients.c */
AIKAGI_HANDLER(handle_client_list);
/* direct.c */
AIKAGI_HANDLER(handle_gate);
/* info.c */
AIKAGI_HANDLER(handle_info);
/* kill.c */
AIKAGI_HANDLER(handle_client_kill);
AIKAGI_HANDLER(handle_client_unblock);
/* lists.c */
AIKAGI_HANDLER(handle_acl_cat);
AIKAGI_HANDLER(handle_command);
AIKAGI_HANDLER(handle_latency_histogram);
/* logs.c */
AIKAGI_HANDLER(handle_acl_log);
AIKAGI_HANDLER(handle_slowlog_get);
/* report.c */
AIKAGI_HANDLER(handle_usage);
/* restore.c */
AIKAGI_HANDLER(handle_restore);

#undef AIKAGI_HANDLER

#endif
