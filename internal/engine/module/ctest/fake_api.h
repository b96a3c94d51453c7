/* What the files of the fake engine have of each other. The functions are those of the module API. */
#ifndef AIKAGI_FAKE_API_H
#define AIKAGI_FAKE_API_H

#include <stddef.h>
#include <stdint.h>

#include "redismodule_abi.h"

struct RedisModuleString {
    char *s;
    size_t len;
    int refs;
};

struct RedisModuleCtx {
    int (*get_api)(const char *, void *); /* first, as in engines */
    uint64_t client;
};

/* find_answer returns what answer was told for a call, or NULL. */
const char *find_answer(const char *call);

/* tell_of_clients has connections told of from now on, and tell_of_roles roles. */
void tell_of_clients(RedisModuleEventCallback callback);
void tell_of_roles(RedisModuleEventCallback callback);

RedisModuleString *fake_CreateString(RedisModuleCtx *ctx, const char *s, size_t len);
void fake_FreeString(RedisModuleCtx *ctx, RedisModuleString *s);
void fake_RetainString(RedisModuleCtx *ctx, RedisModuleString *s);
const char *fake_StringPtrLen(const RedisModuleString *s, size_t *len);
void *fake_Alloc(size_t size);
void fake_Free(void *p);
unsigned long long fake_GetClientId(RedisModuleCtx *ctx);
RedisModuleString *fake_GetClientUserNameById(RedisModuleCtx *ctx, uint64_t id);
RedisModuleString *fake_GetClientNameById(RedisModuleCtx *ctx, uint64_t id);
int fake_GetClientInfoById(void *to, uint64_t id);
int fake_DeauthenticateAndCloseClient(RedisModuleCtx *ctx, uint64_t id);
int fake_GetContextFlags(RedisModuleCtx *ctx);
RedisModuleUser *fake_GetModuleUserFromUserName(RedisModuleString *name);
int fake_FreeModuleUser(RedisModuleUser *user);
int fake_ACLCheckCommandPermissions(RedisModuleUser *user, RedisModuleString **argv, int argc);
int fake_RegisterBoolConfig(RedisModuleCtx *ctx, const char *name, int value, unsigned flags, RedisModuleGetBool get,
                            RedisModuleSetBool set, RedisModuleApply apply, void *data);
int fake_RegisterStringConfig(RedisModuleCtx *ctx, const char *name, const char *value, unsigned flags, RedisModuleGetString get,
                              RedisModuleSetString set, RedisModuleApply apply, void *data);
int fake_LoadConfigs(RedisModuleCtx *ctx);
RedisModuleCallReply *fake_Call(RedisModuleCtx *ctx, const char *command, const char *format, ...);

#endif
