#include "restore.h"

#include "engine.h"
#include "handlers.h"
#include "held.h"
#include "names.h"

int is_restore(const RedisModuleString *name) {
    return reads_as(name, "RESTORE") || reads_as(name, "RESTORE-ASKING");
}

int restore_is_refused(void) {
    refresh_held();
    return !is_restore_allowed();
}

/* What the filter makes of RESTORE where it is refused. What a primary has done, its replica does. */
int handle_restore(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    const int of_primary = REDISMODULE_CTX_FLAGS_REPLICATED | REDISMODULE_CTX_FLAGS_LOADING;
    if (!(RedisModule_GetContextFlags(ctx) & of_primary))
        return RedisModule_ReplyWithError(
            ctx, "NOPERM RESTORE is refused, for a forged payload can end the engine. The owner of the cache allows it "
                 "with the tag aikagi:allow-restore=true on the replication group.");
    RedisModuleCallReply *reply =
        RedisModule_Call(ctx, "RESTORE", "v", argv + 1, (size_t)argc - 1);
    if (!reply) return RedisModule_ReplyWithError(ctx, "ERR the command cannot be carried out now");
    RedisModule_ReplyWithCallReply(ctx, reply);
    RedisModule_FreeCallReply(reply);
    return REDISMODULE_OK;
}
