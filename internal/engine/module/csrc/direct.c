/* aikagi.gate: the service directs the gate, and asks what it does. doc.go documents both. */
#include <stdio.h>
#include <stdlib.h>

#include "engine.h"
#include "gate/gate.h"
#include "handlers.h"
#include "names.h"
#include "service.h"
#include "standin.h"

static int obey(RedisModuleCtx *ctx, const RedisModuleString *order) {
    char why[256], error[sizeof(why) + 8];
    size_t len;
    const char *text = RedisModule_StringPtrLen(order, &len);
    if (gate_obey(text, len, why, sizeof(why))) return RedisModule_ReplyWithSimpleString(ctx, "OK");
    snprintf(error, sizeof(error), "ERR %s", why);
    return reply_error(ctx, error);
}

static int report(RedisModuleCtx *ctx) {
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    if (!out) return RedisModule_ReplyWithError(ctx, "ERR there is no memory for a report");
    gate_report(out);
    fclose(out);
    RedisModule_ReplyWithStringBuffer(ctx, text, len);
    free(text);
    return REDISMODULE_OK;
}

/* aikagi.gate OBEY order | REPORT. Towards clients it does not know itself. */
int handle_gate(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    if (!is_called_by_service(ctx)) return reply_unknown(ctx, argv, argc);
    if (!gate_is_in_front()) return RedisModule_ReplyWithError(ctx, "ERR the engine was started without the gate");
    if (argc == 3 && is_exactly(argv[1], "OBEY")) return obey(ctx, argv[2]);
    if (argc == 2 && is_exactly(argv[1], "REPORT")) return report(ctx);
    return RedisModule_ReplyWithError(ctx, "ERR " GATE_COMMAND " takes OBEY and an order, or REPORT");
}
