/* What the engine answers to INFO, without what a client has no business to know. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "gate/gate.h"
#include "handlers.h"
#include "lines.h"
#include "lists.h"
#include "service.h"
#include "settings.h"
#include "slots.h"
#include "text.h"

static int begins(const char *line, size_t len, const char *with, size_t *n) {
    *n = strlen(with);
    return len >= *n && memcmp(line, with, *n) == 0;
}

/* put_listeners writes the gate's listeners in the place of the engine's first: the engine's own are nobody's business. */
static void put_listeners(struct text *t, int *written) {
    char *lines = NULL;
    size_t len = 0;
    FILE *out = *written ? NULL : open_memstream(&lines, &len);
    if (!out) return;
    *written = 1;
    gate_listeners(out);
    fclose(out);
    put(t, lines, len);
    free(lines);
}

/* put_info_line copies a line; its first letter decides for nearly all. The original shows neither path. */
static void put_info_line(struct text *t, const char *line, size_t len, int *listeners_written) {
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
            say(t, "connected_clients:%lld\r\n", strtoll(line + n, NULL, 10) - service_connections());
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
            put_listeners(t, listeners_written);
            return;
        }
        break;
    case 'm':
        if (begins(line, len, "module:name=" MODULE_NAME ",", &n)) return;
        if (!clients_limit() || !begins(line, len, "maxclients:", &n)) break;
        say(t, "maxclients:%lld\r\n", clients_limit());
        return;
    }
    put(t, line, len);
}

/* INFO [section...]. Lines end in \r\n, so that nothing here reads past the last one. */
int handle_info(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    size_t len;
    int listeners_written = 0;
    RedisModuleCallReply *reply =
        RedisModule_Call(ctx, "INFO", since_7_0 ? "vCE" : "v", argv + 1, (size_t)argc - 1);
    const char *info = reply_text(reply, &len);
    if (!info) return pass_on(ctx, reply);
    if (is_called_by_service(ctx)) {
        RedisModule_ReplyWithVerbatimString(ctx, info, len);
    } else {
        struct text t = new_text(len + 64);
        struct line line = {0};
        while (next_line(&line, info, len))
            if (line.s[line.len - 1] == '\n') put_info_line(&t, line.s, line.len, &listeners_written);
            else put(&t, line.s, line.len);
        RedisModule_ReplyWithVerbatimString(ctx, t.s, t.len);
        free_text(&t);
    }
    RedisModule_FreeCallReply(reply);
    return REDISMODULE_OK;
}
