#include "engine.h"

#include <stdlib.h>
#include <string.h>

#include "settings.h"

int since_7_0, filters_once;
RedisModuleCtx *own_ctx;

int meet_engine(RedisModuleCtx *ctx) {
    since_7_0 = RedisModule_GetServerVersion() >= 0x00070000;
    filters_once = RedisModule_GetServerVersion() >= 0x00070200;
    own_ctx = RedisModule_GetDetachedThreadSafeContext(ctx);
    return own_ctx != NULL;
}

int is_type(const RedisModuleCallReply *reply, int type) {
    return reply && RedisModule_CallReplyType((RedisModuleCallReply *)reply) == type;
}

int is_error(const RedisModuleCallReply *reply) {
    return !reply || is_type(reply, REDISMODULE_REPLY_ERROR);
}

const char *reply_text(RedisModuleCallReply *reply, size_t *len) {
    *len = 0;
    return is_type(reply, REDISMODULE_REPLY_STRING) ? RedisModule_CallReplyStringPtr(reply, len)
                                                    : NULL;
}

long long read_setting(const char *name) {
    RedisModuleCallReply *reply =
        RedisModule_Call(own_ctx, settings.config_name, "cc", "GET", name);
    long long value = 0;
    if (is_type(reply, REDISMODULE_REPLY_ARRAY) && RedisModule_CallReplyLength(reply) == 2) {
        size_t len;
        char digits[24] = "";
        const char *s =
            RedisModule_CallReplyStringPtr(RedisModule_CallReplyArrayElement(reply, 1), &len);
        if (s && len < sizeof(digits)) memcpy(digits, s, len);
        value = strtoll(digits, NULL, 10);
    }
    if (reply) RedisModule_FreeCallReply(reply);
    return value;
}

int write_setting(const char *name, const char *value) {
    RedisModuleCallReply *reply = RedisModule_Call(own_ctx, settings.config_name, "ccc", "SET", name, value);
    int taken = !is_error(reply);
    if (reply) RedisModule_FreeCallReply(reply);
    return taken;
}

int pass_on(RedisModuleCtx *ctx, RedisModuleCallReply *reply) {
    if (!reply) return RedisModule_ReplyWithError(ctx, "ERR the command cannot be answered now");
    RedisModule_ReplyWithCallReply(ctx, reply);
    RedisModule_FreeCallReply(reply);
    return REDISMODULE_OK;
}

int reply_error(RedisModuleCtx *ctx, char *error) {
    for (char *s = error; *s; s++)
        if (*s == '\r' || *s == '\n') *s = ' ';
    return RedisModule_ReplyWithError(ctx, error);
}
