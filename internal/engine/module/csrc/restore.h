/* RESTORE makes a key of bytes that a client sends, with the engine's parser of snapshots, and a forged payload may
 * end or hold up the engine. It is refused, with a sentence that says what to do, unless the group's owner allows it.
 *
 * The access rules refuse it, too, and are the wall; without this file the answer would be a NOPERM that helps nobody. */
#ifndef AIKAGI_RESTORE_H
#define AIKAGI_RESTORE_H

#include "held.h"
#include "standin.h"

/* is_restore: the engines have a second name for it, with which keys of a cluster are moved. */
static int is_restore(const RedisModuleString *name) {
    return reads_as(name, "RESTORE") || reads_as(name, "RESTORE-ASKING");
}

/* restore_is_refused asks the ACL of the moment. On a replica it may already refuse what the primary still let
 * through, hence the look at where the command comes from in handle_restore. */
static int restore_is_refused(void) {
    refresh_held();
    return !restore_allowed;
}

/* What the filter makes of RESTORE where it is refused. What a primary has done, its replica does. */
static int handle_restore(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
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

#endif
