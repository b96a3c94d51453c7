/* The commands of the module that stand in for the engine's: the filter puts their names in
 * the place of the engine's, and each of them asks the engine and cleans the answer.
 *
 * Clients see the engine's names only. A stand-in that a client calls by its own name does not exist. */
#ifndef AIKAGI_STANDIN_H
#define AIKAGI_STANDIN_H

#include "names.h"
#include "text.h"

#define MODULE_PREFIX "aikagi."

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

/* name is what the engine knows it by, original what it stands in for, as CLIENT LIST writes it. ClientRules in
 * settings.go has all names. */
static const struct {
    const char *name, *original;
    int script; /* scripts can call it */
} stand_ins[STAND_INS] = {
    [ACL_CAT] = {MODULE_PREFIX "acl-cat", "acl|cat", 0},
    [ACL_DRYRUN] = {MODULE_PREFIX "acl-dryrun", "acl|dryrun", 0},
    [ACL_LIST] = {MODULE_PREFIX "acl-list", "acl|list", 0},
    [ACL_LOG] = {MODULE_PREFIX "acl-log", "acl|log", 0},
    [ACL_USERS] = {MODULE_PREFIX "acl-users", "acl|users", 0},
    [CLIENT_KILL] = {MODULE_PREFIX "client-kill", "client|kill", 0},
    [CLIENT_LIST] = {MODULE_PREFIX "client-list", "client|list", 0},
    [CLIENT_UNBLOCK] = {MODULE_PREFIX "client-unblock", "client|unblock", 0},
    [COMMAND] = {MODULE_PREFIX "command", "command", 1},
    [INFO] = {MODULE_PREFIX "info", "info", 1},
    [LATENCY_HISTOGRAM] = {MODULE_PREFIX "latency-histogram", "latency|histogram", 0},
    [RESTORE] = {MODULE_PREFIX "restore", "restore", 1},
    [SLOWLOG_GET] = {MODULE_PREFIX "slowlog-get", "slowlog|get", 1},
};

/* The very objects that the filter puts in. No client can produce them, so they tell a stand-in
 * whether it was called by the filter. */
static RedisModuleString *stand_in_names[STAND_INS];

static void create_stand_in_names(void) {
    for (int i = 0; i < STAND_INS; i++)
        stand_in_names[i] =
            RedisModule_CreateString(NULL, stand_ins[i].name, strlen(stand_ins[i].name));
}

/* stand_in has the command carried out by ours. */
static void stand_in(RedisModuleCommandFilterCtx *cmd, enum stand_in which) {
    RedisModule_RetainString(NULL, stand_in_names[which]);
    RedisModule_CommandFilterArgReplace(cmd, 0, stand_in_names[which]);
}

/* is_ours says of the name of a command whether it is one of the module's. */
static int is_ours(const char *name, size_t len) {
    size_t n = sizeof(MODULE_PREFIX) - 1;
    return len >= n && strncasecmp(name, MODULE_PREFIX, n) == 0;
}

/* original_of returns what the client called, for a name that it must not see; NULL if that is
 * no stand-in's. Before 7.0 engines name no subcommands; len is then that of the command. */
static const char *original_of(const char *name, size_t name_len, size_t *len) {
    for (int i = 0; i < STAND_INS; i++) {
        if (strlen(stand_ins[i].name) != name_len || memcmp(stand_ins[i].name, name, name_len) != 0)
            continue;
        *len = since_7_0 ? strlen(stand_ins[i].original) : strcspn(stand_ins[i].original, "|");
        return stand_ins[i].original;
    }
    return NULL;
}

/* reply_error keeps an error with words of the client's on one line. */
static int reply_error(RedisModuleCtx *ctx, char *error) {
    for (char *s = error; *s; s++)
        if (*s == '\r' || *s == '\n') *s = ' ';
    return RedisModule_ReplyWithError(ctx, error);
}

/* reply_unknown is what the engine says of a command that it does not know. */
static int reply_unknown(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    char args[160] = "", error[384];
    size_t n = 0;
    for (int i = 1; i < argc && n < 128; i++)
        n += (size_t)snprintf(args + n, sizeof(args) - n, "'%.*s' ", (int)(128 - n),
                              RedisModule_StringPtrLen(argv[i], NULL));
    snprintf(error, sizeof(error), "ERR unknown command '%.128s', with args beginning with: %s",
             RedisModule_StringPtrLen(argv[0], NULL), args);
    return reply_error(ctx, error);
}

/* pass_on gives a reply of the engine to the client as it is. NULL means that the engine
 * would not even start the call. */
static int pass_on(RedisModuleCtx *ctx, RedisModuleCallReply *reply) {
    if (!reply) return RedisModule_ReplyWithError(ctx, "ERR the command cannot be answered now");
    RedisModule_ReplyWithCallReply(ctx, reply);
    RedisModule_FreeCallReply(reply);
    return REDISMODULE_OK;
}

/* In the formats of calls, C is "as the caller": the engine checks its rights to the real command. E
 * turns errors into replies, and 0 is for an answer in the caller's version of the protocol. Redis 6.2 knows
 * none of them. */
#define AS_CALLER (since_7_0 ? "cvCE" : "cv")
#define AS_CALLER_IN_KIND (since_7_0 ? "cv0CE" : "cv")

static int is_type(const RedisModuleCallReply *reply, int type) {
    return reply && RedisModule_CallReplyType((RedisModuleCallReply *)reply) == type;
}

static int is_error(const RedisModuleCallReply *reply) {
    return !reply || is_type(reply, REDISMODULE_REPLY_ERROR);
}

/* reply_text returns the text of a reply, or NULL if it is none. */
static const char *reply_text(RedisModuleCallReply *reply, size_t *len) {
    *len = 0;
    return is_type(reply, REDISMODULE_REPLY_STRING) ? RedisModule_CallReplyStringPtr(reply, len)
                                                    : NULL;
}

#endif
