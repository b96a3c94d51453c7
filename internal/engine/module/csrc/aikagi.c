/* The engine module of aikagi: sends each login to the ACL user of its token, and answers
 * what clients can ask about the engine without what belongs to the service.
 * doc.go says why, README.md which part calls which, and on what thread: there is only the engine's main one, so
 * nothing locks.
 *
 * This file is where the engine comes in first: it loads the module, and hears of connections. */
#include "count.h"
#include "engine.h"
#include "filter.h"
#include "handlers.h"
#include "lifecycle.h"
#include "lists.h"
#include "parameters.h"
#include "service.h"
#include "settings.h"
#include "slots.h"
#include "standin.h"
#include "tick.h"
#include "usagefile.h"

#define MODULE_VERSION 1

/* What this library was made of; the service looks for it in the file, before an engine loads that. */
#ifndef IDENTITY
#define IDENTITY "unknown"
#endif
__attribute__((used)) static const char identity[] = "aikagi-module-identity " IDENTITY;

/* has_acl says whether the engine still calls ACL by its name, rather than by one that the
 * configuration gave it. */
static int has_acl(RedisModuleCtx *ctx) {
    RedisModuleCallReply *reply = RedisModule_Call(ctx, "ACL", "c", "USERS");
    int ok = reply && RedisModule_CallReplyType(reply) == REDISMODULE_REPLY_ARRAY;
    if (reply) RedisModule_FreeCallReply(reply);
    return ok;
}

/* on_client_change keeps the count of the service's own connections, and has the others counted. */
static void on_client_change(RedisModuleCtx *ctx, RedisModuleEvent event, uint64_t change,
                             void *data) {
    const RedisModuleClientInfo *info = data;
    int opened = change == REDISMODULE_SUBEVENT_CLIENT_CHANGE_CONNECTED;
    (void)ctx;
    (void)event;
    if (info->flags & REDISMODULE_CLIENTINFO_FLAG_UNIXSOCKET) {
        service_connection_changed(opened);
        if (opened && settings.counting) connection_made(info->id);
    } else if (!settings.counting) return;
    else if (!opened) connection_closed(info->id);
    else if (!has_slot(info)) turn_away(info);
    else {
        connection_opened(info);
        connection_came();
    }
}

static int start_counting(RedisModuleCtx *ctx) {
    const RedisModuleEvent client_change = {REDISMODULE_EVENT_CLIENT_CHANGE, 1};
    if (!open_usage(ctx)) return 0;
    hash_clients();
    if (settings.counting && !start_slots(ctx)) return 0;
    return RedisModule_SubscribeToServerEvent(ctx, client_change, on_client_change) ==
           REDISMODULE_OK;
}

static int refuse_load(RedisModuleCtx *ctx, const char *why) {
    RedisModule_Log(ctx, "warning", "%s", why);
    return REDISMODULE_ERR;
}

__attribute__((visibility("default"))) int RedisModule_OnLoad(RedisModuleCtx *ctx,
                                                              RedisModuleString **argv, int argc);

int RedisModule_OnLoad(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    if (!load_api(ctx) || RedisModule_IsModuleNameBusy(MODULE_NAME)) return REDISMODULE_ERR;
    RedisModule_SetModuleAttribs(ctx, MODULE_NAME, MODULE_VERSION, REDISMODULE_APIVER_1);

    if (argc != 1) return refuse_load(ctx, "the module takes one argument, its settings file");
    if (!read_settings(RedisModule_StringPtrLen(argv[0], NULL)))
        return refuse_load(ctx, "the settings file of the module cannot be read");
    if (!meet_engine(ctx)) return refuse_load(ctx, "the module cannot call the engine");
    if (!has_acl(ctx)) return refuse_load(ctx, "the module needs ACL under its own name");

    find_hidden(ctx);
    if (!create_stand_ins(ctx) || !create_own_command(ctx, USAGE_COMMAND, handle_usage) ||
        !create_own_command(ctx, GATE_COMMAND, handle_gate))
        return refuse_load(ctx, "the commands of the module cannot be registered");

    if (!start_counting(ctx)) return refuse_load(ctx, "the usage of tokens cannot be counted");

    if (settings.counting && !register_parameters(ctx))
        return refuse_load(ctx, "the parameters of the module cannot be registered");

    if (!install_filter(ctx))
        return refuse_load(ctx, "the command filter of the module cannot be registered");
    return REDISMODULE_OK;
}
