/* The engine at hand, and calls to it. For its main thread.
 *
 * A reply of RedisModule_Call is owned by who called, and freed with RedisModule_FreeCallReply, or given to pass_on.
 * Its elements and texts are parts of it and live as long. */
#ifndef AIKAGI_ENGINE_H
#define AIKAGI_ENGINE_H

#include "redismodule_abi.h"

extern int since_7_0;    /* Redis 7.0 and later, and every Valkey */
extern int filters_once; /* Redis 7.2 and later, and every Valkey */

extern RedisModuleCtx *own_ctx; /* for calls that no client makes; never freed */

/* meet_engine sets all of these, when the module is loaded. It returns 0 when it cannot. */
int meet_engine(RedisModuleCtx *ctx);

/* In the formats of calls, C is "as the caller": the engine checks its rights to the real command. E
 * turns errors into replies, and 0 is for an answer in the caller's version of the protocol. Redis 6.2 knows
 * none of them. */
#define AS_CALLER (since_7_0 ? "cvCE" : "cv")
#define AS_CALLER_IN_KIND (since_7_0 ? "cv0CE" : "cv")

/* is_type and is_error take a call that the engine would not even start, NULL, for no type and for an error. */
int is_type(const RedisModuleCallReply *reply, int type);
int is_error(const RedisModuleCallReply *reply);

/* reply_text returns the text of a reply and its length, or NULL and 0 if it is none. */
const char *reply_text(RedisModuleCallReply *reply, size_t *len);

/* read_setting asks for a setting that is a number; 0 when the engine does not say it now. */
long long read_setting(const char *name);

/* write_setting returns 0 when the engine does not take it. */
int write_setting(const char *name, const char *value);

/* pass_on gives a reply of the engine to the client as it is, and frees it. NULL means that the engine would not even
 * start the call. It returns REDISMODULE_OK. */
int pass_on(RedisModuleCtx *ctx, RedisModuleCallReply *reply);

/* reply_error answers an error that has words of the client's in it, and keeps it on one line. */
int reply_error(RedisModuleCtx *ctx, char *error);

#endif
