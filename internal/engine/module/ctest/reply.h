/* Replies of the fake engine, to the module's calls and of the module to clients. fake.h says how they are written. */
#ifndef AIKAGI_REPLY_H
#define AIKAGI_REPLY_H

#include "redismodule_abi.h"

/* The caller owns what these make. */
RedisModuleCallReply *new_text_reply(const char *text);
RedisModuleCallReply *read_reply(const char *written);

/* end_answer returns what was answered since begin_answer, or instead, if nothing was to be. */
void begin_answer(void);
const char *end_answer(const char *instead);

void fake_FreeCallReply(RedisModuleCallReply *reply);
int fake_CallReplyType(RedisModuleCallReply *reply);
size_t fake_CallReplyLength(RedisModuleCallReply *reply);
RedisModuleCallReply *fake_CallReplyArrayElement(RedisModuleCallReply *reply, size_t i);
const char *fake_CallReplyStringPtr(RedisModuleCallReply *reply, size_t *len);
long long fake_CallReplyInteger(RedisModuleCallReply *reply);
int fake_CallReplyMapElement(RedisModuleCallReply *reply, size_t i, RedisModuleCallReply **key, RedisModuleCallReply **value);
double fake_CallReplyDouble(RedisModuleCallReply *reply);

int fake_ReplyWithCallReply(RedisModuleCtx *ctx, RedisModuleCallReply *reply);
int fake_ReplyWithError(RedisModuleCtx *ctx, const char *error);
int fake_ReplyWithSimpleString(RedisModuleCtx *ctx, const char *s);
int fake_ReplyWithLongLong(RedisModuleCtx *ctx, long long n);
int fake_ReplyWithStringBuffer(RedisModuleCtx *ctx, const char *s, size_t len);
int fake_ReplyWithVerbatimString(RedisModuleCtx *ctx, const char *s, size_t len);
int fake_ReplyWithArray(RedisModuleCtx *ctx, long n);
void fake_ReplySetArrayLength(RedisModuleCtx *ctx, long n);
int fake_ReplyWithMap(RedisModuleCtx *ctx, long n);
void fake_ReplySetMapLength(RedisModuleCtx *ctx, long n);

#endif
