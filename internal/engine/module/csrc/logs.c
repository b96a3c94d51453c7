/* What the engine answers to ACL LOG and SLOWLOG GET, without what the service did. */
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "engine.h"
#include "handlers.h"
#include "names.h"
#include "service.h"
#include "standin.h"

/* More than the engines keep of either by themselves. */
#define WHOLE_LOG 1000000

#define LOG_DEFAULT 10 /* entries, by both engines' count */

/* When a client reset the log of refused logins, in milliseconds since 1970. Clients are not shown what is older.
 * The service is: to it the log is the record of who was refused. */
static int64_t acl_log_reset;

/* entry_field returns a field of an entry of ACL LOG, a map or an array of keys and values. */
static RedisModuleCallReply *entry_field(RedisModuleCallReply *entry, const char *name) {
    int map = is_type(entry, REDISMODULE_REPLY_MAP);
    size_t n = RedisModule_CallReplyLength(entry) / (map ? 1 : 2), len;
    for (size_t i = 0; i < n; i++) {
        RedisModuleCallReply *key = NULL, *value = NULL;
        if (map) {
            RedisModule_CallReplyMapElement(entry, i, &key, &value);
        } else {
            key = RedisModule_CallReplyArrayElement(entry, 2 * i);
            value = RedisModule_CallReplyArrayElement(entry, 2 * i + 1);
        }
        const char *s = RedisModule_CallReplyStringPtr(key, &len);
        if (s && len == strlen(name) && memcmp(s, name, len) == 0) return value;
    }
    return NULL;
}

/* age_of is how old an entry is, in seconds. */
static double age_of(RedisModuleCallReply *entry) {
    RedisModuleCallReply *age = entry_field(entry, "age-seconds");
    char digits[64] = "";
    size_t len;
    if (is_type(age, REDISMODULE_REPLY_DOUBLE)) return RedisModule_CallReplyDouble(age);
    const char *s = age ? RedisModule_CallReplyStringPtr(age, &len) : NULL;
    if (s) memcpy(digits, s, len < sizeof(digits) ? len : sizeof(digits) - 1);
    return strtod(digits, NULL);
}

/* is_refusal_to_show says whether an entry of ACL LOG is about a client, and of after the reset. */
static int is_refusal_to_show(RedisModuleCallReply *entry, int64_t now) {
    size_t len;
    RedisModuleCallReply *user = entry_field(entry, "username");
    const char *s = user ? RedisModule_CallReplyStringPtr(user, &len) : NULL;
    if (s && is_internal(s, len)) return 0;
    RedisModuleCallReply *client = entry_field(entry, "client-info");
    s = client ? RedisModule_CallReplyStringPtr(client, &len) : NULL;
    if (s && whose_line(s, len) != A_CLIENTS) return 0;
    return (int64_t)(age_of(entry) * 1000) < now - acl_log_reset;
}

/* reply_entries writes the first entries of a log that are to be shown. */
static int reply_entries(RedisModuleCtx *ctx, RedisModuleCallReply *log, long long most,
                         void (*write)(RedisModuleCtx *, RedisModuleCallReply *),
                         int (*shown)(RedisModuleCallReply *, int64_t)) {
    long long kept = 0;
    int64_t now = now_ms();
    RedisModule_ReplyWithArray(ctx, REDISMODULE_POSTPONED_ARRAY_LEN);
    for (size_t i = 0; i < RedisModule_CallReplyLength(log) && kept < most; i++) {
        RedisModuleCallReply *entry = RedisModule_CallReplyArrayElement(log, i);
        if (!shown(entry, now)) continue;
        write(ctx, entry);
        kept++;
    }
    RedisModule_ReplySetArrayLength(ctx, (long)kept);
    RedisModule_FreeCallReply(log);
    return REDISMODULE_OK;
}

/* count_of reads how many entries are wanted, which the engine has found right. */
static long long count_of(RedisModuleString **argv, int argc) {
    return argc > 2 ? strtoll(RedisModule_StringPtrLen(argv[2], NULL), NULL, 10) : LOG_DEFAULT;
}

static void write_refusal(RedisModuleCtx *ctx, RedisModuleCallReply *entry) {
    RedisModule_ReplyWithCallReply(ctx, entry);
}

/* ACL LOG [count | RESET]. The engine is asked for what the client wants, to check words and rights, and then for
 * everything. RESET is not the engine's to carry out, so there it is asked for nothing. */
int handle_acl_log(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    int reset = argc == 3 && reads_as(argv[2], "RESET");
    RedisModuleCallReply *reply =
        reset ? RedisModule_Call(ctx, "ACL", since_7_0 ? "clCE" : "cl", "LOG", 0LL)
              : RedisModule_Call(ctx, "ACL", AS_CALLER_IN_KIND, "LOG", argv + 2, (size_t)argc - 2);
    if (!is_type(reply, REDISMODULE_REPLY_ARRAY)) return pass_on(ctx, reply);
    RedisModule_FreeCallReply(reply);
    if (reset) {
        acl_log_reset = now_ms();
        return RedisModule_ReplyWithSimpleString(ctx, "OK");
    }
    reply = RedisModule_Call(ctx, "ACL", since_7_0 ? "cl0E" : "cl", "LOG", (long long)WHOLE_LOG);
    if (!is_type(reply, REDISMODULE_REPLY_ARRAY)) return pass_on(ctx, reply);
    return reply_entries(ctx, reply, count_of(argv, argc), write_refusal, is_refusal_to_show);
}

/* is_call_to_show says whether an entry of SLOWLOG was called over the network. The service's address
 * is that of a socket, PATH:0, and that of calls inside of the engine is ?:0, or none. */
static int is_call_to_show(RedisModuleCallReply *entry, int64_t now) {
    size_t len;
    (void)now;
    RedisModuleCallReply *address = RedisModule_CallReplyArrayElement(entry, 4);
    const char *s = address ? RedisModule_CallReplyStringPtr(address, &len) : NULL;
    return s && len > 2 && (s[len - 1] != '0' || s[len - 2] != ':');
}

/* write_call_words writes the words of a call; a stand-in goes by the engine's name. */
static void write_call_words(RedisModuleCtx *ctx, RedisModuleCallReply *words) {
    size_t n = RedisModule_CallReplyLength(words), len, original_len;
    RedisModule_ReplyWithArray(ctx, (long)n);
    for (size_t i = 0; i < n; i++) {
        RedisModuleCallReply *word = RedisModule_CallReplyArrayElement(words, i);
        const char *s = i == 0 ? RedisModule_CallReplyStringPtr(word, &len) : NULL;
        const char *original = s ? original_of(s, len, &original_len) : NULL;
        if (original)
            RedisModule_ReplyWithStringBuffer(ctx, original, strcspn(original, "|"));
        else RedisModule_ReplyWithCallReply(ctx, word);
    }
}

static void write_call(RedisModuleCtx *ctx, RedisModuleCallReply *entry) {
    size_t n = RedisModule_CallReplyLength(entry);
    RedisModule_ReplyWithArray(ctx, (long)n);
    for (size_t i = 0; i < n; i++) {
        RedisModuleCallReply *field = RedisModule_CallReplyArrayElement(entry, i);
        if (is_type(field, REDISMODULE_REPLY_ARRAY)) write_call_words(ctx, field);
        else RedisModule_ReplyWithCallReply(ctx, field);
    }
}

/* SLOWLOG GET [count], where -1 is everything. */
int handle_slowlog_get(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    RedisModuleCallReply *reply = RedisModule_Call(ctx, "SLOWLOG", AS_CALLER_IN_KIND, "GET",
                                                   argv + 2, (size_t)argc - 2);
    if (!is_type(reply, REDISMODULE_REPLY_ARRAY) || is_called_by_service(ctx))
        return pass_on(ctx, reply);
    RedisModule_FreeCallReply(reply);
    reply = RedisModule_Call(ctx, "SLOWLOG", since_7_0 ? "cl0E" : "cl", "GET", (long long)WHOLE_LOG);
    if (!is_type(reply, REDISMODULE_REPLY_ARRAY)) return pass_on(ctx, reply);
    long long most = count_of(argv, argc);
    return reply_entries(ctx, reply, most < 0 ? WHOLE_LOG : most, write_call, is_call_to_show);
}
