#include "reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* Texts are as long as they are, without a NUL, as in engines: reading past one is an error that ASan finds. */
struct RedisModuleCallReply {
    int type;
    char *s;
    size_t len; /* of the text, or how many elements */
    long long n;
    RedisModuleCallReply **elements;
};

static RedisModuleCallReply *new_reply(int type) {
    RedisModuleCallReply *reply = calloc(1, sizeof(*reply));
    reply->type = type;
    return reply;
}

static RedisModuleCallReply *new_string(int type, const char *s, size_t len) {
    RedisModuleCallReply *reply = new_reply(type);
    reply->s = malloc(len);
    reply->len = len;
    memcpy(reply->s, s, len);
    return reply;
}

RedisModuleCallReply *new_text_reply(const char *text) { return new_string(REDISMODULE_REPLY_STRING, text, strlen(text)); }

/* read_part reads up to one of the characters that end a part of an array: all of it, where they are none. */
static RedisModuleCallReply *read_part(const char **at, const char *ending) {
    RedisModuleCallReply *reply;
    if (**at == '(') {
        reply = new_reply(REDISMODULE_REPLY_ARRAY);
        for ((*at)++; **at != ')';) {
            reply->elements = realloc(reply->elements, sizeof(reply) * (reply->len + 1));
            reply->elements[reply->len++] = read_part(at, ",()");
            if (**at == ',') (*at)++;
            CHECK(**at);
        }
        (*at)++;
        return reply;
    }
    const char *s = *at;
    *at += strcspn(s, ending);
    size_t len = (size_t)(*at - s);
    if (*s == ':') {
        reply = new_reply(REDISMODULE_REPLY_INTEGER);
        reply->n = strtoll(s + 1, NULL, 10);
        return reply;
    }
    if (len == 1 && *s == '_') return new_reply(REDISMODULE_REPLY_NULL);
    return *s == '-' ? new_string(REDISMODULE_REPLY_ERROR, s + 1, len - 1) : new_string(REDISMODULE_REPLY_STRING, s, len);
}

RedisModuleCallReply *read_reply(const char *written) { return read_part(&written, ""); }

void fake_FreeCallReply(RedisModuleCallReply *reply) {
    for (size_t i = 0; reply->elements && i < reply->len; i++) fake_FreeCallReply(reply->elements[i]);
    free(reply->elements);
    free(reply->s);
    free(reply);
}

int fake_CallReplyType(RedisModuleCallReply *reply) { return reply->type; }

size_t fake_CallReplyLength(RedisModuleCallReply *reply) { return reply->len; }

RedisModuleCallReply *fake_CallReplyArrayElement(RedisModuleCallReply *reply, size_t i) {
    return reply->type == REDISMODULE_REPLY_ARRAY && i < reply->len ? reply->elements[i] : NULL;
}

const char *fake_CallReplyStringPtr(RedisModuleCallReply *reply, size_t *len) {
    *len = reply->len;
    return reply->s;
}

long long fake_CallReplyInteger(RedisModuleCallReply *reply) { return reply->n; }

/* No reply here is a map or a double; the tests in Go have those. */
int fake_CallReplyMapElement(RedisModuleCallReply *reply, size_t i, RedisModuleCallReply **key, RedisModuleCallReply **value) {
    (void)reply;
    (void)i;
    (void)key;
    (void)value;
    CHECK(0);
    return REDISMODULE_ERR;
}

double fake_CallReplyDouble(RedisModuleCallReply *reply) { return (double)reply->n; }

/* --- what the module answers */

static char answered[16384];
static long left[8]; /* elements to come, of each array that is open; -1: postponed */
static int depth;

void begin_answer(void) {
    *answered = 0;
    depth = 0;
}

const char *end_answer(const char *instead) {
    CHECK_NUMBER(depth, 0);
    CHECK(instead == NULL || !*answered);
    if (instead) snprintf(answered, sizeof(answered), "%s", instead);
    return answered;
}

static void add(const char *s, size_t len) {
    size_t n = strlen(answered);
    snprintf(answered + n, sizeof(answered) - n, "%.*s", (int)len, s);
}

static void close_array(void);

/* element ends one, and the array that it was the last of. */
static int element(void) {
    if (depth && left[depth - 1] > 0 && --left[depth - 1] == 0) close_array();
    return REDISMODULE_OK;
}

static void close_array(void) {
    add(")", 1);
    depth--;
    element();
}

static void comma(void) {
    size_t n = strlen(answered);
    if (depth && answered[n - 1] != '(') add(",", 1);
}

static int add_element(const char *mark, const char *s, size_t len) {
    comma();
    add(mark, strlen(mark));
    add(s, len);
    return element();
}

int fake_ReplyWithError(RedisModuleCtx *ctx, const char *error) {
    (void)ctx;
    return add_element("-", error, strlen(error));
}

int fake_ReplyWithSimpleString(RedisModuleCtx *ctx, const char *s) { return fake_ReplyWithStringBuffer(ctx, s, strlen(s)); }

int fake_ReplyWithLongLong(RedisModuleCtx *ctx, long long n) {
    char digits[32];
    (void)ctx;
    snprintf(digits, sizeof(digits), "%lld", n);
    return add_element(":", digits, strlen(digits));
}

int fake_ReplyWithStringBuffer(RedisModuleCtx *ctx, const char *s, size_t len) {
    (void)ctx;
    return add_element("", s, len);
}

int fake_ReplyWithVerbatimString(RedisModuleCtx *ctx, const char *s, size_t len) { return fake_ReplyWithStringBuffer(ctx, s, len); }

int fake_ReplyWithArray(RedisModuleCtx *ctx, long n) {
    (void)ctx;
    comma();
    add("(", 1);
    left[depth++] = n;
    if (n == 0) close_array();
    return REDISMODULE_OK;
}

void fake_ReplySetArrayLength(RedisModuleCtx *ctx, long n) {
    (void)ctx;
    CHECK(depth > 0 && left[depth - 1] == REDISMODULE_POSTPONED_ARRAY_LEN && n >= 0);
    close_array();
}

int fake_ReplyWithMap(RedisModuleCtx *ctx, long n) { return fake_ReplyWithArray(ctx, n > 0 ? 2 * n : n); }

void fake_ReplySetMapLength(RedisModuleCtx *ctx, long n) { fake_ReplySetArrayLength(ctx, n); }

int fake_ReplyWithCallReply(RedisModuleCtx *ctx, RedisModuleCallReply *reply) {
    switch (reply->type) {
    case REDISMODULE_REPLY_ARRAY:
        fake_ReplyWithArray(ctx, (long)reply->len);
        for (size_t i = 0; i < reply->len; i++) fake_ReplyWithCallReply(ctx, reply->elements[i]);
        return REDISMODULE_OK;
    case REDISMODULE_REPLY_INTEGER:
        return fake_ReplyWithLongLong(ctx, reply->n);
    case REDISMODULE_REPLY_NULL:
        return add_element("", "_", 1);
    default:
        return add_element(reply->type == REDISMODULE_REPLY_ERROR ? "-" : "", reply->s, reply->len);
    }
}
