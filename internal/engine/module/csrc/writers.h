/* Clients that write to a replica: the engine answers READONLY, and then their connections are closed, if they are to be. For the
 * engine's main thread.
 *
 * The filter sees a command before the engine does. So it is found out here whether the engine will say READONLY: it does when the
 * command is one that writes, in the right number of words, and its user may call it (processCommand in server.c). What a script does is
 * none of the client's commands. Nothing is closed before the engine has answered, and the answer is on its way. */
#ifndef AIKAGI_WRITERS_H
#define AIKAGI_WRITERS_H

#include "redismodule_abi.h"

/* start_writers asks the engine which commands write, and follows its role, when the module is loaded. It returns 0 when it
 * cannot. */
int start_writers(RedisModuleCtx *ctx);

/* close_writers says whether connections are to be closed. */
void close_writers(int on);
int are_writers_closed(void);

/* watch_write is for each command, of which it costs a primary nothing. It changes none. For the filter. */
void watch_write(RedisModuleCommandFilterCtx *cmd);

/* note_redirects is for CLIENT CAPA: Valkey sends who can be redirected to the primary, without READONLY. For the filter. */
void note_redirects(RedisModuleCommandFilterCtx *cmd);

#endif
