/* What the engine answers to ACL LIST, ACL USERS and ACL DRYRUN, cleaned. */
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "handlers.h"
#include "names.h"
#include "settings.h"
#include "standin.h"

/* is_rule_to_show leaves out password hashes, "#<hex>", and what is about our own commands. */
static int is_rule_to_show(const char *rule, size_t len) {
    return *rule != '#' && !(len > 1 && is_ours(rule + 1, len - 1));
}

/* reply_acl_line writes one line of ACL LIST. Only the words after the name are rules:
 * "user <name> <rule> <rule> ...". */
static void reply_acl_line(RedisModuleCtx *ctx, const char *line, size_t len) {
    char *out = RedisModule_Alloc(len + 1);
    size_t n = 0;
    int word = 0;
    for (const char *s = line, *end = line + len; s < end; word++) {
        const char *stop = memchr(s, ' ', (size_t)(end - s));
        if (!stop) stop = end;
        if (word < 2 || is_rule_to_show(s, (size_t)(stop - s))) {
            if (n) out[n++] = ' ';
            memcpy(out + n, s, (size_t)(stop - s));
            n += (size_t)(stop - s);
        }
        s = stop < end ? stop + 1 : end;
    }
    RedisModule_ReplyWithStringBuffer(ctx, out, n);
    RedisModule_Free(out);
}

/* reply_users answers ACL USERS, or ACL LIST when lines is set, without the internal users. */
static int reply_users(RedisModuleCtx *ctx, int lines) {
    static const char user_word[] = "user ";
    size_t skip = lines ? sizeof(user_word) - 1 : 0;
    long kept = 0;
    RedisModuleCallReply *reply =
        RedisModule_Call(ctx, "ACL", since_7_0 ? "cCE" : "c", lines ? "LIST" : "USERS");
    if (!reply || RedisModule_CallReplyType(reply) != REDISMODULE_REPLY_ARRAY)
        return pass_on(ctx, reply);

    RedisModule_ReplyWithArray(ctx, REDISMODULE_POSTPONED_ARRAY_LEN);
    for (size_t i = 0; i < RedisModule_CallReplyLength(reply); i++) {
        size_t len;
        RedisModuleCallReply *user = RedisModule_CallReplyArrayElement(reply, i);
        const char *s = RedisModule_CallReplyStringPtr(user, &len);
        if (len < skip || is_internal(s + skip, len - skip)) continue;
        if (lines) reply_acl_line(ctx, s, len);
        else RedisModule_ReplyWithStringBuffer(ctx, s, len);
        kept++;
    }
    RedisModule_ReplySetArrayLength(ctx, kept);
    RedisModule_FreeCallReply(reply);
    return REDISMODULE_OK;
}

/* ACL DRYRUN user command [args]: internal users and the module's commands do not exist. */
int handle_acl_dryrun(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    size_t user_len, name_len;
    const char *user = RedisModule_StringPtrLen(argv[2], &user_len);
    const char *name = RedisModule_StringPtrLen(argv[3], &name_len);
    RedisModuleCallReply *reply =
        RedisModule_Call(ctx, "ACL", AS_CALLER, "DRYRUN", argv + 2, (size_t)argc - 2);
    char error[MAX_NAME + 64];
    if (is_internal(user, user_len))
        snprintf(error, sizeof(error), "ERR User '%.128s' not found", user);
    else if (is_ours(name, name_len))
        snprintf(error, sizeof(error), "ERR Command '%.128s' not found", name);
    else return pass_on(ctx, reply);
    if (reply) RedisModule_FreeCallReply(reply);
    return reply_error(ctx, error);
}

int handle_acl_list(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    (void)argv;
    (void)argc;
    return reply_users(ctx, 1);
}

int handle_acl_users(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    (void)argv;
    (void)argc;
    return reply_users(ctx, 0);
}
