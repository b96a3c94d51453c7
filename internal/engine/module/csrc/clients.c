#include "clients.h"

#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "handlers.h"
#include "lines.h"
#include "names.h"
#include "service.h"
#include "standin.h"
#include "text.h"

/* put_client_line copies a line of CLIENT LIST without what belongs to the service. */
static void put_client_line(struct text *t, const char *line, size_t len, enum whose whose) {
    size_t user_len, cmd_len, original_len;
    const char *user = find_field(line, len, " user=", &user_len);
    const char *cmd = find_field(line, len, " cmd=", &cmd_len);
    const char *from = line, *original = cmd ? original_of(cmd, cmd_len, &original_len) : NULL;
    /* The two fields stand in either order. */
    for (int i = 0; i < 2; i++) {
        int is_cmd = (cmd && user && cmd < user) == (i == 0);
        if (is_cmd && original) {
            put(t, from, (size_t)(cmd - from));
            put(t, original, original_len);
            from = cmd + cmd_len;
        } else if (!is_cmd && user && whose == A_LINK) {
            put(t, from, (size_t)(user - from));
            put_word(t, "(superuser)"); /* as engines call the user of a link that has none */
            from = user + user_len;
        }
    }
    put(t, from, (size_t)(line + len - from));
}

static void reply_client_lines(RedisModuleCtx *ctx, const char *list, size_t len) {
    struct text t = new_text(len);
    struct line line = {0};
    while (next_line(&line, list, len)) {
        enum whose whose = whose_line(line.s, line.len);
        if (whose != THE_SERVICES) put_client_line(&t, line.s, line.len, whose);
    }
    RedisModule_ReplyWithVerbatimString(ctx, t.s, t.len);
    free_text(&t);
}

/* The service calls CLIENT by the same name as everybody, so it gets here too, and is shown
 * everything. */
int handle_client_list(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    size_t len;
    RedisModuleCallReply *reply =
        RedisModule_Call(ctx, "CLIENT", AS_CALLER, "LIST", argv + 2, (size_t)argc - 2);
    const char *list = reply_text(reply, &len);
    if (!list) return pass_on(ctx, reply);
    if (is_called_by_service(ctx)) RedisModule_ReplyWithVerbatimString(ctx, list, len);
    else reply_client_lines(ctx, list, len);
    RedisModule_FreeCallReply(reply);
    return REDISMODULE_OK;
}

void hide_redirect(RedisModuleCommandFilterCtx *cmd) {
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
