/* The module's two commands: what the engine answers to ACL and CLIENT LIST, cleaned. */
#ifndef AIKAGI_ANSWER_H
#define AIKAGI_ANSWER_H

#include "names.h"

/* pass_on gives a reply of the engine to the client as it is. NULL means that the engine
 * would not even start the call. */
static int pass_on(RedisModuleCtx *ctx, RedisModuleCallReply *reply) {
    if (!reply) return RedisModule_ReplyWithError(ctx, "ERR the command cannot be answered now");
    RedisModule_ReplyWithCallReply(ctx, reply);
    RedisModule_FreeCallReply(reply);
    return REDISMODULE_OK;
}

/* reply_acl_line writes one line of ACL LIST without its password hashes, "#<hex>". Only the
 * words after the name are rules: "user <name> <rule> <rule> ...". */
static void reply_acl_line(RedisModuleCtx *ctx, const char *line, size_t len) {
    char *out = RedisModule_Alloc(len + 1);
    size_t n = 0;
    int word = 0;
    for (const char *s = line, *end = line + len; s < end; word++) {
        const char *stop = memchr(s, ' ', (size_t)(end - s));
        if (!stop) stop = end;
        if (word < 2 || *s != '#') {
            if (n) out[n++] = ' ';
            memcpy(out + n, s, (size_t)(stop - s));
            n += (size_t)(stop - s);
        }
        s = stop < end ? stop + 1 : end;
    }
    RedisModule_ReplyWithStringBuffer(ctx, out, n);
    RedisModule_Free(out);
}

/* reply_users answers ACL USERS, or ACL LIST when lines is set, without the internal users.
 * In the formats, C is "as the caller": the engine checks its rights to the real command. E
 * turns errors into replies. Redis 6.2 knows neither. */
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

/* user_of finds the user name in a line of CLIENT LIST. No field can hold a space. */
static const char *user_of(const char *line, size_t len, size_t *user_len) {
    static const char field[] = " user=";
    const char *user = memmem(line, len, field, sizeof(field) - 1);
    if (!user) return NULL;
    user += sizeof(field) - 1;
    const char *end = memchr(user, ' ', (size_t)(line + len - user));
    *user_len = (size_t)((end ? end : line + len) - user);
    return user;
}

/* called_by_internal_user looks at the caller's own line, as Redis 6.2 has no other way. */
static int called_by_internal_user(RedisModuleCtx *ctx) {
    RedisModuleCallReply *reply = RedisModule_Call(ctx, "CLIENT", "ccl", "LIST", "ID",
                                                   (long long)RedisModule_GetClientId(ctx));
    int internal = 0;
    if (!reply) return 0;
    if (RedisModule_CallReplyType(reply) == REDISMODULE_REPLY_STRING) {
        size_t len, user_len;
        const char *line = RedisModule_CallReplyStringPtr(reply, &len);
        const char *user = user_of(line, len, &user_len);
        internal = user && is_internal(user, user_len);
    }
    RedisModule_FreeCallReply(reply);
    return internal;
}

/* aikagi.acl LIST|USERS: what the filter makes of ACL LIST and ACL USERS. Clients can call
 * this and the next by name too, and learn nothing else that way. */
static int handle_acl(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    if (argc == 2 && is_exactly(argv[1], "LIST")) return reply_users(ctx, 1);
    if (argc == 2 && is_exactly(argv[1], "USERS")) return reply_users(ctx, 0);
    return RedisModule_ReplyWithError(ctx, "ERR unknown subcommand. Try ACL HELP.");
}

/* reply_client_lines copies the engine's list without the lines of internal users. */
static void reply_client_lines(RedisModuleCtx *ctx, const char *list, size_t len) {
    char *out = RedisModule_Alloc(len + 1);
    size_t n = 0;
    for (const char *s = list, *end = list + len; s < end;) {
        const char *newline = memchr(s, '\n', (size_t)(end - s));
        size_t line = newline ? (size_t)(newline - s) + 1 : (size_t)(end - s), user_len;
        const char *user = user_of(s, line, &user_len);
        if (!user || !is_internal(user, user_len)) {
            memcpy(out + n, s, line);
            n += line;
        }
        s += line;
    }
    RedisModule_ReplyWithVerbatimString(ctx, out, n);
    RedisModule_Free(out);
}

/* aikagi.client LIST [...]: what the filter makes of CLIENT LIST. The service calls CLIENT by
 * the same name as everybody, so it gets here too, and is shown everything. */
static int handle_client(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    if (argc < 2 || !reads_as(argv[1], "LIST"))
        return RedisModule_ReplyWithError(ctx, "ERR unknown subcommand. Try CLIENT HELP.");
    RedisModuleCallReply *reply =
        RedisModule_Call(ctx, "CLIENT", since_7_0 ? "cvCE" : "cv", "LIST", argv + 2,
                         (size_t)argc - 2);
    if (!reply || RedisModule_CallReplyType(reply) != REDISMODULE_REPLY_STRING)
        return pass_on(ctx, reply);

    size_t len;
    const char *list = RedisModule_CallReplyStringPtr(reply, &len);
    if (called_by_internal_user(ctx)) RedisModule_ReplyWithVerbatimString(ctx, list, len);
    else reply_client_lines(ctx, list, len);
    RedisModule_FreeCallReply(reply);
    return REDISMODULE_OK;
}

#endif
