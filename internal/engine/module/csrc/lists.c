/* What the engine answers to COMMAND, LATENCY HISTOGRAM and ACL CAT, without the commands that clients do not have. */
#include "lists.h"

#include <string.h>
#include <strings.h>

#include "engine.h"
#include "handlers.h"
#include "names.h"
#include "service.h"
#include "standin.h"

/* The original names of renamed commands, by which the engine goes on listing them. */
#define MAX_HIDDEN 64
static char hidden[MAX_HIDDEN][32];
static int hidden_count;

void find_hidden(RedisModuleCtx *ctx) {
    if (!since_7_0) return;
    RedisModuleCallReply *all = RedisModule_Call(ctx, "COMMAND", "c", "LIST");
    if (!is_type(all, REDISMODULE_REPLY_ARRAY)) return;
    for (size_t i = 0; i < RedisModule_CallReplyLength(all) && hidden_count < MAX_HIDDEN; i++) {
        size_t len;
        const char *name =
            RedisModule_CallReplyStringPtr(RedisModule_CallReplyArrayElement(all, i), &len);
        if (!name || len >= sizeof(hidden[0]) || memchr(name, '|', len)) continue;
        RedisModuleCallReply *found = RedisModule_Call(ctx, "COMMAND", "cb", "INFO", name, len);
        if (is_type(found, REDISMODULE_REPLY_ARRAY) && RedisModule_CallReplyLength(found) == 1 &&
            is_type(RedisModule_CallReplyArrayElement(found, 0), REDISMODULE_REPLY_NULL))
            memcpy(hidden[hidden_count++], name, len); /* a NUL is behind it */
        if (found) RedisModule_FreeCallReply(found);
    }
    RedisModule_FreeCallReply(all);
}

int is_hidden(const char *name, size_t len) {
    const char *bar = memchr(name, '|', len);
    if (is_ours(name, len)) return 1;
    if (bar) len = (size_t)(bar - name);
    for (int i = 0; i < hidden_count; i++)
        if (strlen(hidden[i]) == len && strncasecmp(hidden[i], name, len) == 0) return 1;
    return 0;
}

static int is_hidden_element(RedisModuleCallReply *name) {
    size_t len;
    const char *s = name ? RedisModule_CallReplyStringPtr(name, &len) : NULL;
    return s && is_hidden(s, len);
}

/* reply_names leaves names out of a list of them, or of arrays that begin with them. */
static int reply_names(RedisModuleCtx *ctx, RedisModuleCallReply *reply) {
    long kept = 0;
    if (!is_type(reply, REDISMODULE_REPLY_ARRAY)) return pass_on(ctx, reply);
    RedisModule_ReplyWithArray(ctx, REDISMODULE_POSTPONED_ARRAY_LEN);
    for (size_t i = 0; i < RedisModule_CallReplyLength(reply); i++) {
        RedisModuleCallReply *element = RedisModule_CallReplyArrayElement(reply, i);
        int nested = is_type(element, REDISMODULE_REPLY_ARRAY);
        if (is_hidden_element(nested ? RedisModule_CallReplyArrayElement(element, 0) : element))
            continue;
        RedisModule_ReplyWithCallReply(ctx, element);
        kept++;
    }
    RedisModule_ReplySetArrayLength(ctx, kept);
    RedisModule_FreeCallReply(reply);
    return REDISMODULE_OK;
}

/* reply_by_name leaves names out of a map, which is an array of keys and values in version 2 of
 * the protocol. */
static int reply_by_name(RedisModuleCtx *ctx, RedisModuleCallReply *reply) {
    long kept = 0;
    int map = is_type(reply, REDISMODULE_REPLY_MAP);
    if (!map && !is_type(reply, REDISMODULE_REPLY_ARRAY)) return pass_on(ctx, reply);
    size_t n = RedisModule_CallReplyLength(reply) / (map ? 1 : 2);
    if (map) RedisModule_ReplyWithMap(ctx, REDISMODULE_POSTPONED_ARRAY_LEN);
    else RedisModule_ReplyWithArray(ctx, REDISMODULE_POSTPONED_ARRAY_LEN);
    for (size_t i = 0; i < n; i++) {
        RedisModuleCallReply *key = NULL, *value = NULL;
        if (map) {
            RedisModule_CallReplyMapElement(reply, i, &key, &value);
        } else {
            key = RedisModule_CallReplyArrayElement(reply, 2 * i);
            value = RedisModule_CallReplyArrayElement(reply, 2 * i + 1);
        }
        if (is_hidden_element(key)) continue;
        RedisModule_ReplyWithCallReply(ctx, key);
        RedisModule_ReplyWithCallReply(ctx, value);
        kept++;
    }
    if (map) RedisModule_ReplySetMapLength(ctx, kept);
    else RedisModule_ReplySetArrayLength(ctx, 2 * kept);
    RedisModule_FreeCallReply(reply);
    return REDISMODULE_OK;
}

/* call_without_ours asks about the commands that are named, and about one that cannot be in the
 * place of each that is ours. */
static RedisModuleCallReply *call_without_ours(RedisModuleCtx *ctx, const char *command,
                                               RedisModuleString **argv, int argc) {
    RedisModuleString **args = RedisModule_Alloc(sizeof(*argv) * (size_t)argc);
    RedisModuleString *nothing = RedisModule_CreateString(ctx, " ", 1);
    for (int i = 1; i < argc; i++) {
        size_t len;
        const char *s = RedisModule_StringPtrLen(argv[i], &len);
        args[i] = is_ours(s, len) ? nothing : argv[i];
    }
    RedisModuleCallReply *reply = RedisModule_Call(ctx, command, since_7_0 ? "v0CE" : "v", args + 1,
                                                   (size_t)argc - 1);
    RedisModule_FreeString(ctx, nothing);
    RedisModule_Free(args);
    return reply;
}

/* COMMAND [COUNT | DOCS | INFO | LIST | GETKEYS | GETKEYSANDFLAGS] ... */
int handle_command(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    if (is_called_by_service(ctx))
        return pass_on(ctx, RedisModule_Call(ctx, "COMMAND", since_7_0 ? "v0CE" : "v", argv + 1,
                                             (size_t)argc - 1));
    RedisModuleCallReply *reply = call_without_ours(ctx, "COMMAND", argv, argc);
    if (argc == 2 && is_type(reply, REDISMODULE_REPLY_INTEGER)) {
        RedisModule_ReplyWithLongLong(
            ctx, RedisModule_CallReplyInteger(reply) - hidden_count - OWN_COMMANDS);
        RedisModule_FreeCallReply(reply);
        return REDISMODULE_OK;
    }
    if (argc > 1 && reads_as(argv[1], "DOCS")) return reply_by_name(ctx, reply);
    if (argc == 1 || reads_as(argv[1], "INFO") || reads_as(argv[1], "LIST"))
        return reply_names(ctx, reply);
    return pass_on(ctx, reply);
}

int handle_latency_histogram(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    return reply_by_name(ctx, call_without_ours(ctx, "LATENCY", argv, argc));
}

int handle_acl_cat(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    return reply_names(ctx, RedisModule_Call(ctx, "ACL", AS_CALLER_IN_KIND, "CAT", argv + 2,
                                             (size_t)argc - 2));
}
