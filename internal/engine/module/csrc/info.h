/* What the engine answers to INFO, without what a client has no business to know. */
#ifndef AIKAGI_INFO_H
#define AIKAGI_INFO_H

#include "lists.h"
#include "slots.h"

/* Connections over the unix socket, all of them the service's. */
static long long service_connections;

static int begins(const char *line, size_t len, const char *with, size_t *n) {
    *n = strlen(with);
    return len >= *n && memcmp(line, with, *n) == 0;
}

/* put_listener numbers the listeners anew that are left. */
static void put_listener(struct text *t, const char *line, size_t len, int *listeners) {
    const char *colon = memchr(line, ':', len);
    size_t n;
    if (!colon || begins(colon, (size_t)(line + len - colon), ":name=unix", &n)) return;
    say(t, "listener%d", (*listeners)++);
    put(t, colon, (size_t)(line + len - colon));
}

/* put_info_line copies a line; its first letter decides for nearly all. The original shows neither path. */
static void put_info_line(struct text *t, const char *line, size_t len, int *listeners) {
    size_t n, name_len;
    switch (*line) {
    case 'e':
        if (!begins(line, len, "executable:", &n)) break;
        put_word(t, "executable:-\r\n");
        return;
    case 'c':
        if (begins(line, len, "config_file:", &n)) {
            put_word(t, "config_file:-\r\n");
            return;
        }
        if (begins(line, len, "connected_clients:", &n)) {
            say(t, "connected_clients:%lld\r\n", strtoll(line + n, NULL, 10) - service_connections);
            return;
        }
        if (!begins(line, len, "cmdstat_", &n)) break;
        name_len = strcspn(line + n, ":\r\n");
        if (is_hidden(line + n, name_len)) return;
        break;
    case 'l':
        if (begins(line, len, "latency_percentiles_usec_", &n)) {
            name_len = strcspn(line + n, ":\r\n");
            if (is_hidden(line + n, name_len)) return;
        } else if (begins(line, len, "listener", &n)) {
            put_listener(t, line, len, listeners);
            return;
        }
        break;
    case 'm':
        if (begins(line, len, "module:name=" MODULE_NAME ",", &n)) return;
        if (!clients_limit || !begins(line, len, "maxclients:", &n)) break;
        say(t, "maxclients:%lld\r\n", clients_limit);
        return;
    }
    put(t, line, len);
}

/* INFO [section...]. Lines end in \r\n, so that nothing here reads past the last one. */
static int handle_info(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    size_t len;
    int listeners = 0;
    RedisModuleCallReply *reply =
        RedisModule_Call(ctx, "INFO", since_7_0 ? "vCE" : "v", argv + 1, (size_t)argc - 1);
    const char *info = reply_text(reply, &len);
    if (!info) return pass_on(ctx, reply);
    if (is_called_by_service(ctx)) {
        RedisModule_ReplyWithVerbatimString(ctx, info, len);
    } else {
        struct text t = new_text(len + 64);
        for (const char *s = info, *end = info + len; s < end;) {
            const char *newline = memchr(s, '\n', (size_t)(end - s));
            size_t line = newline ? (size_t)(newline - s) + 1 : (size_t)(end - s);
            if (newline) put_info_line(&t, s, line, &listeners);
            else put(&t, s, line);
            s += line;
        }
        RedisModule_ReplyWithVerbatimString(ctx, t.s, t.len);
        RedisModule_Free(t.s);
    }
    RedisModule_FreeCallReply(reply);
    return REDISMODULE_OK;
}

#endif
