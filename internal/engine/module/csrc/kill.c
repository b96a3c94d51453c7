/* CLIENT KILL and CLIENT UNBLOCK, which end no connection of the service.
 *
 * Which connections match is decided here (wanted.h). Whether the words are right the engine says, in its own words: it is
 * asked with a local address besides that no connection has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "handlers.h"
#include "lifecycle.h"
#include "lines.h"
#include "names.h"
#include "service.h"
#include "settings.h"
#include "wanted.h"

static RedisModuleCallReply *call_client(RedisModuleCtx *ctx, const char *subcommand,
                                         RedisModuleString **args, size_t n) {
    return RedisModule_Call(ctx, "CLIENT", since_7_0 ? "cvCE" : "cv", subcommand, args, n);
}

/* refuse_words lets the engine look at the words. It returns NULL if it finds nothing wrong. */
static RedisModuleCallReply *refuse_words(RedisModuleCtx *ctx, RedisModuleString **args, size_t n) {
    RedisModuleCallReply *reply = RedisModule_Call(
        ctx, "CLIENT", since_7_0 ? "cvccCE" : "cvcc", "KILL", args, n, "LADDR", "nobody");
    if (is_error(reply)) return reply;
    RedisModule_FreeCallReply(reply);
    return NULL;
}

/* end_wanted ends the connections of a list that are wanted, and returns how many. One that was
 * ended by the same event is listed still; its flag is A. */
static long long end_wanted(RedisModuleCtx *ctx, const struct wanted *w, const char *list,
                            size_t len) {
    long long ended = 0;
    struct line line = {0};
    while (next_line(&line, list, len)) {
        size_t flags_len;
        long long id = line_id(&line);
        const char *flags = find_field(line.s, line.len, " flags=", &flags_len);
        int me = (unsigned long long)id == RedisModule_GetClientId(ctx);
        if (id > 0 && !(me && w->skip_me) && !(flags && memchr(flags, 'A', flags_len)) &&
            is_wanted(w, &line) && whose_line(line.s, line.len) == A_CLIENTS) {
            end_connection((uint64_t)id);
            ended++;
        }
    }
    return ended;
}

/* list_candidates asks for no more than the one connection that is wanted, if it is so. */
static RedisModuleCallReply *list_candidates(RedisModuleCtx *ctx, const struct wanted *w) {
    if (w->list_len || w->ids_len != 1)
        return RedisModule_Call(ctx, "CLIENT", since_7_0 ? "cvE" : "cv", "LIST", w->list,
                                w->list_len);
    return RedisModule_Call(ctx, "CLIENT", since_7_0 ? "ccsE" : "ccs", "LIST", "ID", w->ids[0]);
}

/* refuse_user answers for the users that clients cannot know of. What the engine dislikes in the
 * words before that one comes first, as it reads from left to right. */
static int refuse_user(RedisModuleCtx *ctx, RedisModuleString **argv, int argc, int *answered) {
    *answered = 1;
    for (int i = 2; i + 1 < argc; i += 2) {
        size_t len;
        const char *user = RedisModule_StringPtrLen(argv[i + 1], &len);
        char error[MAX_NAME + 64];
        if (!reads_as(argv[i], "USER") || !is_internal(user, len)) continue;
        RedisModuleCallReply *wrong =
            i > 2 ? refuse_words(ctx, argv + 2, (size_t)i - 2) : NULL;
        if (wrong) return pass_on(ctx, wrong);
        snprintf(error, sizeof(error), "ERR No such user '%.128s'", user);
        return reply_error(ctx, error);
    }
    *answered = 0;
    return REDISMODULE_OK;
}

/* kill_by_filters is CLIENT KILL with at least one pair. */
static int kill_by_filters(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    int answered;
    refuse_user(ctx, argv, argc, &answered);
    if (answered) return REDISMODULE_OK;
    RedisModuleCallReply *reply = refuse_words(ctx, argv + 2, (size_t)argc - 2);
    if (reply) return pass_on(ctx, reply);

    RedisModuleString **room = RedisModule_Alloc(sizeof(*argv) * (size_t)argc);
    struct wanted w = read_wanted(argv, argc, room);
    size_t len;
    reply = list_candidates(ctx, &w);
    const char *list = reply_text(reply, &len);
    if (list) {
        RedisModule_ReplyWithLongLong(ctx, end_wanted(ctx, &w, list, len));
        RedisModule_FreeCallReply(reply);
    } else {
        pass_on(ctx, reply);
    }
    RedisModule_Free(room);
    return REDISMODULE_OK;
}

/* kill_by_address is the old form, CLIENT KILL ip:port, which ends one's own connection too. The
 * engine is asked for an address that there is not, to hear whether the caller may. */
static int kill_by_address(RedisModuleCtx *ctx, RedisModuleString **argv) {
    static const char none[] = "ERR No such client";
    struct wanted w = {.address = argv[2]};
    size_t len = 0;
    RedisModuleCallReply *reply =
        RedisModule_Call(ctx, "CLIENT", since_7_0 ? "ccCE" : "cc", "KILL", "nobody");
    const char *text = reply ? RedisModule_CallReplyStringPtr(reply, &len) : NULL;
    if (!text || len < sizeof(none) - 1 || memcmp(text, none, sizeof(none) - 1) != 0)
        return pass_on(ctx, reply);
    if (reply) RedisModule_FreeCallReply(reply);

    reply = RedisModule_Call(ctx, "CLIENT", since_7_0 ? "cE" : "c", "LIST");
    const char *list = reply_text(reply, &len);
    if (!list) return pass_on(ctx, reply);
    if (end_wanted(ctx, &w, list, len)) RedisModule_ReplyWithSimpleString(ctx, "OK");
    else RedisModule_ReplyWithError(ctx, "ERR No such client");
    RedisModule_FreeCallReply(reply);
    return REDISMODULE_OK;
}

/* The service's own calls are the engine's to carry out, at once and not when the command is over: after them writes
 * are let through that had to be kept from these connections. It must not end the connection that it calls
 * on, for that would be freed under the call; it names others only. */
int handle_client_kill(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    if (is_called_by_service(ctx))
        return pass_on(ctx, call_client(ctx, "KILL", argv + 2, (size_t)argc - 2));
    return argc == 3 ? kill_by_address(ctx, argv) : kill_by_filters(ctx, argv, argc);
}

/* CLIENT UNBLOCK id [how]: of the service's connections as of one that there is not. */
int handle_client_unblock(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    if (!is_number(argv[2]) || is_called_by_service(ctx) ||
        !is_services(ctx, strtoull(RedisModule_StringPtrLen(argv[2], NULL), NULL, 10)))
        return pass_on(ctx, call_client(ctx, "UNBLOCK", argv + 2, (size_t)argc - 2));
    return pass_on(ctx, RedisModule_Call(ctx, "CLIENT", since_7_0 ? "ccvCE" : "ccv", "UNBLOCK", "0",
                                         argv + 3, (size_t)argc - 3));
}
