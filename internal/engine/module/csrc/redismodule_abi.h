/* The part of the engine's module ABI that the module uses. All of it is for the engine's main thread.
 *
 * No distribution packages redismodule.h, so the few prototypes are declared here.
 * Names and signatures are those documented in the engines' module API reference.
 * Every function exists in Redis 6.2 and later, unless it is said to be optional, and in every
 * Valkey, which keeps the RedisModule_ names as aliases.
 */
#ifndef AIKAGI_REDISMODULE_ABI_H
#define AIKAGI_REDISMODULE_ABI_H

#include <stddef.h>
#include <stdint.h>

#define REDISMODULE_OK 0
#define REDISMODULE_ERR 1
#define REDISMODULE_APIVER_1 1
#define REDISMODULE_CMDFILTER_NOSELF (1 << 0)
#define REDISMODULE_CTX_FLAGS_LUA (1 << 0)
#define REDISMODULE_CTX_FLAGS_REPLICA (1 << 3)
#define REDISMODULE_CTX_FLAGS_REPLICATED (1 << 12)
#define REDISMODULE_CTX_FLAGS_LOADING (1 << 13)
#define REDISMODULE_EVENT_ROLE_CHANGE 0
#define REDISMODULE_EVENT_CLIENT_CHANGE 4
#define REDISMODULE_EVENT_CRON_LOOP 8
#define REDISMODULE_SUBEVENT_ROLE_NOW_REPLICA 1
#define REDISMODULE_SUBEVENT_CLIENT_CHANGE_CONNECTED 0
#define REDISMODULE_CLIENTINFO_FLAG_SSL (1 << 0)
#define REDISMODULE_CLIENTINFO_FLAG_UNIXSOCKET (1 << 4)
#define REDISMODULE_REPLY_STRING 0
#define REDISMODULE_REPLY_ERROR 1
#define REDISMODULE_REPLY_INTEGER 2
#define REDISMODULE_REPLY_ARRAY 3
#define REDISMODULE_REPLY_NULL 4
#define REDISMODULE_REPLY_MAP 5
#define REDISMODULE_REPLY_DOUBLE 8

typedef struct RedisModuleCtx RedisModuleCtx;
typedef struct RedisModuleString RedisModuleString;
typedef struct RedisModuleCallReply RedisModuleCallReply;
typedef struct RedisModuleCommandFilter RedisModuleCommandFilter;
typedef struct RedisModuleCommandFilterCtx RedisModuleCommandFilterCtx;
typedef struct RedisModuleUser RedisModuleUser;

/* Version 1 of both is what every engine since Redis 6.0 speaks. */
typedef struct RedisModuleEvent {
    uint64_t id, dataver;
} RedisModuleEvent;
typedef struct RedisModuleClientInfo {
    uint64_t version, flags, id;
    char addr[46];
    uint16_t port, db;
} RedisModuleClientInfo;

typedef int (*RedisModuleCmdFunc)(RedisModuleCtx *, RedisModuleString **, int);
typedef void (*RedisModuleCommandFilterFunc)(RedisModuleCommandFilterCtx *);
typedef void (*RedisModuleTimerProc)(RedisModuleCtx *, void *);
typedef void (*RedisModuleEventCallback)(RedisModuleCtx *, RedisModuleEvent, uint64_t, void *);
typedef int (*RedisModuleGetBool)(const char *, void *);
typedef int (*RedisModuleSetBool)(const char *, int, void *, RedisModuleString **);
typedef RedisModuleString *(*RedisModuleGetString)(const char *, void *);
typedef int (*RedisModuleSetString)(const char *, RedisModuleString *, void *, RedisModuleString **);
typedef int (*RedisModuleApply)(RedisModuleCtx *, void *, RedisModuleString **);

/* X(return type, name, parameters): one row per API function, so that a pointer cannot
 * be declared and then forgotten in the loader. */
#define AIKAGI_API(X)                                                                            \
    X(void, SetModuleAttribs, (RedisModuleCtx *, const char *, int, int))                        \
    X(int, IsModuleNameBusy, (const char *))                                                     \
    X(int, GetContextFlags, (RedisModuleCtx *))                                                  \
    X(int, GetServerVersion, (void))                                                             \
    X(void, Log, (RedisModuleCtx *, const char *, const char *, ...))                            \
    X(void *, Alloc, (size_t))                                                                   \
    X(void, Free, (void *))                                                                      \
    X(RedisModuleString *, CreateString, (RedisModuleCtx *, const char *, size_t))               \
    X(void, RetainString, (RedisModuleCtx *, RedisModuleString *))                               \
    X(void, FreeString, (RedisModuleCtx *, RedisModuleString *))                                 \
    X(const char *, StringPtrLen, (const RedisModuleString *, size_t *))                         \
    X(unsigned long long, GetClientId, (RedisModuleCtx *))                                       \
    X(RedisModuleString *, GetClientUserNameById, (RedisModuleCtx *, uint64_t))                  \
    X(int, GetClientInfoById, (void *, uint64_t))                                                \
    X(int, DeauthenticateAndCloseClient, (RedisModuleCtx *, uint64_t))                           \
    X(RedisModuleCtx *, GetDetachedThreadSafeContext, (RedisModuleCtx *))                        \
    X(int, SubscribeToServerEvent,                                                               \
      (RedisModuleCtx *, RedisModuleEvent, RedisModuleEventCallback))                            \
    X(uint64_t, CreateTimer, (RedisModuleCtx *, int64_t, RedisModuleTimerProc, void *))          \
    X(int, StopTimer, (RedisModuleCtx *, uint64_t, void **))                                     \
    X(int, CreateCommand,                                                                        \
      (RedisModuleCtx *, const char *, RedisModuleCmdFunc, const char *, int, int, int))         \
    X(RedisModuleCommandFilter *, RegisterCommandFilter,                                         \
      (RedisModuleCtx *, RedisModuleCommandFilterFunc, int))                                     \
    X(int, CommandFilterArgsCount, (RedisModuleCommandFilterCtx *))                              \
    X(RedisModuleString *, CommandFilterArgGet, (RedisModuleCommandFilterCtx *, int))            \
    X(int, CommandFilterArgInsert, (RedisModuleCommandFilterCtx *, int, RedisModuleString *))    \
    X(int, CommandFilterArgReplace, (RedisModuleCommandFilterCtx *, int, RedisModuleString *))   \
    X(int, CommandFilterArgDelete, (RedisModuleCommandFilterCtx *, int))                         \
    X(RedisModuleCallReply *, Call, (RedisModuleCtx *, const char *, const char *, ...))         \
    X(void, FreeCallReply, (RedisModuleCallReply *))                                             \
    X(int, CallReplyType, (RedisModuleCallReply *))                                              \
    X(size_t, CallReplyLength, (RedisModuleCallReply *))                                         \
    X(RedisModuleCallReply *, CallReplyArrayElement, (RedisModuleCallReply *, size_t))           \
    X(const char *, CallReplyStringPtr, (RedisModuleCallReply *, size_t *))                      \
    X(long long, CallReplyInteger, (RedisModuleCallReply *))                                     \
    X(int, ReplyWithCallReply, (RedisModuleCtx *, RedisModuleCallReply *))                       \
    X(int, ReplyWithError, (RedisModuleCtx *, const char *))                                     \
    X(int, ReplyWithSimpleString, (RedisModuleCtx *, const char *))                              \
    X(int, ReplyWithLongLong, (RedisModuleCtx *, long long))                                     \
    X(int, ReplyWithStringBuffer, (RedisModuleCtx *, const char *, size_t))                      \
    X(int, ReplyWithVerbatimString, (RedisModuleCtx *, const char *, size_t))                    \
    X(int, ReplyWithArray, (RedisModuleCtx *, long))                                             \
    X(void, ReplySetArrayLength, (RedisModuleCtx *, long))

/* What only later engines have; NULL elsewhere. Without replies of type map nobody asks for the first four, and only an engine that has
 * CommandFilterGetClientId is asked for what is below it. */
#define AIKAGI_OPTIONAL_API(X)                                                                   \
    X(int, CallReplyMapElement,                                                                  \
      (RedisModuleCallReply *, size_t, RedisModuleCallReply **, RedisModuleCallReply **))        \
    X(double, CallReplyDouble, (RedisModuleCallReply *))                                         \
    X(int, ReplyWithMap, (RedisModuleCtx *, long))                                               \
    X(void, ReplySetMapLength, (RedisModuleCtx *, long))                                         \
    X(RedisModuleString *, GetClientNameById, (RedisModuleCtx *, uint64_t))                      \
    X(unsigned long long, CommandFilterGetClientId, (RedisModuleCommandFilterCtx *))             \
    X(RedisModuleUser *, GetModuleUserFromUserName, (RedisModuleString *))                       \
    X(int, FreeModuleUser, (RedisModuleUser *))                                                  \
    X(int, ACLCheckCommandPermissions, (RedisModuleUser *, RedisModuleString **, int))           \
    X(int, RegisterBoolConfig,                                                                   \
      (RedisModuleCtx *, const char *, int, unsigned, RedisModuleGetBool, RedisModuleSetBool,    \
       RedisModuleApply, void *))                                                                \
    X(int, RegisterStringConfig,                                                                 \
      (RedisModuleCtx *, const char *, const char *, unsigned, RedisModuleGetString,             \
       RedisModuleSetString, RedisModuleApply, void *))                                          \
    X(int, LoadConfigs, (RedisModuleCtx *))

#define REDISMODULE_POSTPONED_ARRAY_LEN (-1)

#define AIKAGI_DECLARE(ret, name, params) extern ret(*RedisModule_##name) params;
AIKAGI_API(AIKAGI_DECLARE)
AIKAGI_OPTIONAL_API(AIKAGI_DECLARE)
#undef AIKAGI_DECLARE

/* load_api resolves every function above, when the module is loaded. It returns 0 when the engine lacks one that is not
 * optional. */
int load_api(RedisModuleCtx *ctx);

#endif
