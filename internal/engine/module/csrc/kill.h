/* CLIENT KILL and CLIENT UNBLOCK, which end no connection of the service.
 *
 * Engines combine filters with "and", and have none that excludes (before Valkey 8.1), so it is
 * decided here which connections match. Whether the words are right the engine says, in its own words: it is
 * asked with a local address besides that no connection has. */
#ifndef AIKAGI_KILL_H
#define AIKAGI_KILL_H

#include <stdlib.h>

#include "connections.h"
#include "service.h"

/* What CLIENT KILL can be told to look for; of what is said twice the last one counts. */
struct wanted {
    const RedisModuleString *address, *local, *user;
    int ids_from, ids_to; /* places of ids among the arguments */
    long long max_age;    /* seconds; 0: any */
    int skip_me;
    RedisModuleString **list; /* arguments for CLIENT LIST: the rest is for it to judge */
    size_t list_len;
};

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

static int is_number(const RedisModuleString *arg) {
    size_t len;
    const char *s = RedisModule_StringPtrLen(arg, &len);
    for (size_t i = 0; i < len; i++)
        if (s[i] < '0' || s[i] > '9') return 0;
    return len > 0;
}

/* read_wanted reads what the engine has found right. ID takes several numbers in later engines. The
 * filters of TYPE and of later engines are ones of CLIENT LIST, too. */
static void read_wanted(struct wanted *w, RedisModuleString **argv, int argc) {
    int type = 0;
    w->skip_me = 1;
    for (int i = 2; i + 1 < argc; i += 2) {
        RedisModuleString *value = argv[i + 1];
        if (reads_as(argv[i], "ADDR")) w->address = value;
        else if (reads_as(argv[i], "LADDR")) w->local = value;
        else if (reads_as(argv[i], "USER")) w->user = value;
        else if (reads_as(argv[i], "SKIPME")) w->skip_me = reads_as(value, "YES");
        else if (reads_as(argv[i], "TYPE")) type = i;
        else if (reads_as(argv[i], "MAXAGE"))
            w->max_age = strtoll(RedisModule_StringPtrLen(value, NULL), NULL, 10);
        else if (reads_as(argv[i], "ID")) {
            w->ids_from = i + 1;
            for (i++; i < argc && (i == w->ids_from || is_number(argv[i])); i++) w->ids_to = i + 1;
            i -= 2;
        } else {
            w->list[w->list_len++] = argv[i];
            w->list[w->list_len++] = value;
        }
    }
    if (!type) return;
    w->list[w->list_len++] = argv[type];
    w->list[w->list_len++] = argv[type + 1];
}

static int line_has(const char *line, size_t len, const char *key, const RedisModuleString *want) {
    size_t n;
    if (!want) return 1;
    const char *s = RedisModule_StringPtrLen(want, &n);
    return field_is(line, len, key, s, strlen(s) < n ? strlen(s) : n);
}

static int is_wanted(const struct wanted *w, const char *line, size_t len, long long id,
                     RedisModuleString **argv) {
    int found = !w->ids_from;
    for (int i = w->ids_from; i < w->ids_to; i++)
        found |= strtoll(RedisModule_StringPtrLen(argv[i], NULL), NULL, 10) == id;
    return found && line_has(line, len, " addr=", w->address) &&
           line_has(line, len, " laddr=", w->local) && line_has(line, len, " user=", w->user) &&
           (!w->max_age || field_number(line, len, " age=") >= w->max_age);
}

/* end_connection closes it when the command is over; one's own, after the answer. The engine takes
 * the user away from the connection first, so it is counted before. */
static void end_connection(RedisModuleCtx *ctx, uint64_t id) {
    struct connection *c = find_connection(id);
    if (c) {
        connection_closed(c);
        remove_connection(c);
    }
    RedisModule_DeauthenticateAndCloseClient(ctx, id);
}

/* end_wanted ends the connections of a list that are wanted, and returns how many. One that was
 * ended by the same event is listed still; its flag is A. */
static long long end_wanted(RedisModuleCtx *ctx, const struct wanted *w, const char *list,
                            size_t len, RedisModuleString **argv) {
    long long ended = 0;
    for (const char *s = list, *end = list + len; s < end;) {
        const char *newline = memchr(s, '\n', (size_t)(end - s));
        size_t line = newline ? (size_t)(newline - s) + 1 : (size_t)(end - s), flags_len;
        long long id = strncmp(s, "id=", 3) == 0 ? strtoll(s + 3, NULL, 10) : 0;
        const char *flags = find_field(s, line, " flags=", &flags_len);
        int me = (unsigned long long)id == RedisModule_GetClientId(ctx);
        if (id > 0 && !(me && w->skip_me) && !(flags && memchr(flags, 'A', flags_len)) &&
            is_wanted(w, s, line, id, argv) && whose_line(s, line) == A_CLIENTS) {
            end_connection(ctx, (uint64_t)id);
            ended++;
        }
        s += line;
    }
    return ended;
}

/* list_candidates asks for no more than the one connection that is wanted, if it is so. */
static RedisModuleCallReply *list_candidates(RedisModuleCtx *ctx, const struct wanted *w,
                                             RedisModuleString **argv) {
    if (w->list_len || w->ids_to - w->ids_from != 1)
        return RedisModule_Call(ctx, "CLIENT", since_7_0 ? "cvE" : "cv", "LIST", w->list,
                                w->list_len);
    return RedisModule_Call(ctx, "CLIENT", since_7_0 ? "ccsE" : "ccs", "LIST", "ID",
                            argv[w->ids_from]);
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

    struct wanted w = {.list = RedisModule_Alloc(sizeof(*argv) * (size_t)argc)};
    size_t len;
    read_wanted(&w, argv, argc);
    reply = list_candidates(ctx, &w, argv);
    const char *list = reply_text(reply, &len);
    if (list) {
        RedisModule_ReplyWithLongLong(ctx, end_wanted(ctx, &w, list, len, argv));
        RedisModule_FreeCallReply(reply);
    } else {
        pass_on(ctx, reply);
    }
    RedisModule_Free(w.list);
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
    if (end_wanted(ctx, &w, list, len, argv)) RedisModule_ReplyWithSimpleString(ctx, "OK");
    else RedisModule_ReplyWithError(ctx, "ERR No such client");
    RedisModule_FreeCallReply(reply);
    return REDISMODULE_OK;
}

/* The service's own calls are the engine's to carry out, at once and not when the command is over: after them writes
 * are let through that had to be kept from these connections. It must not end the connection that it calls
 * on, for that would be freed under the call; it names others only. */
static int handle_client_kill(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    if (is_called_by_service(ctx))
        return pass_on(ctx, call_client(ctx, "KILL", argv + 2, (size_t)argc - 2));
    return argc == 3 ? kill_by_address(ctx, argv) : kill_by_filters(ctx, argv, argc);
}

/* CLIENT UNBLOCK id [how]: of the service's connections as of one that there is not. */
static int handle_client_unblock(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    if (!is_number(argv[2]) || is_called_by_service(ctx) ||
        !is_services(ctx, strtoull(RedisModule_StringPtrLen(argv[2], NULL), NULL, 10)))
        return pass_on(ctx, call_client(ctx, "UNBLOCK", argv + 2, (size_t)argc - 2));
    return pass_on(ctx, RedisModule_Call(ctx, "CLIENT", since_7_0 ? "ccvCE" : "ccv", "UNBLOCK", "0",
                                         argv + 3, (size_t)argc - 3));
}

/* hide_redirect has CLIENT TRACKING not find a connection of the service to send invalidations to. It
 * changes the state of its own connection, so the engine has to carry it out. */
static void hide_redirect(RedisModuleCommandFilterCtx *cmd) {
    int argc = RedisModule_CommandFilterArgsCount(cmd);
    for (int i = 2; i + 1 < argc; i++) {
        if (!reads_as(RedisModule_CommandFilterArgGet(cmd, i), "REDIRECT")) continue;
        const RedisModuleString *id = RedisModule_CommandFilterArgGet(cmd, ++i);
        static const char nobody[] = "9223372036854775807";
        if (is_services(own_ctx, strtoull(RedisModule_StringPtrLen(id, NULL), NULL, 10)))
            RedisModule_CommandFilterArgReplace(
                cmd, i, RedisModule_CreateString(NULL, nobody, sizeof(nobody) - 1));
    }
}

#endif
