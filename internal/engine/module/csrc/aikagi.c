/* The engine module of aikagi: sends each login to the ACL user of its token, and answers
 * the harmless parts of ACL and CLIENT LIST without what belongs to the service.
 * doc.go says why; this file and its headers say how.
 *
 * What it decides depends on its settings and the command alone; besides, it counts. A filter
 * sees each command before the engine looks it up, and like every command and event it runs on the
 * engine's main thread: nothing locks. */
#define _GNU_SOURCE /* memmem */
#include <stdio.h>

#include "answer.h"
#include "login.h"
#include "report.h"
#include "restore.h"
#include "tick.h"

#define MODULE_NAME "aikagi"
#define MODULE_VERSION 1

/* The service's ACL commands carry this very object as their name, which is how a second pass
 * through the filter knows them: Redis 7.0 makes one after CLIENT PAUSE. */
static RedisModuleString *permitted_acl;

static void rename_command(RedisModuleCommandFilterCtx *cmd, const char *name) {
    RedisModule_CommandFilterArgReplace(cmd, 0, RedisModule_CreateString(NULL, name, strlen(name)));
}

/* permit_acl lets the service's command through as ACL. The engine never sees the secret, so
 * it cannot show it in SLOWLOG, MONITOR or an error. */
static void permit_acl(RedisModuleCommandFilterCtx *cmd) {
    if (counting) refresh_held(); /* what was held until now, even if nobody came meanwhile */
    held_dirty = 1;               /* the command comes after us; the next login asks */
    RedisModule_RetainString(NULL, permitted_acl);
    RedisModule_CommandFilterArgReplace(cmd, 0, permitted_acl);
}

/* refuse_acl makes one word of the first two, so that the engine answers with its own "unknown
 * command": no command has a space in its name. */
static void refuse_acl(RedisModuleCommandFilterCtx *cmd, const RedisModuleString *subcommand) {
    static const char acl[] = "ACL ";
    char name[sizeof(acl) + 32] = "";
    size_t len;
    const char *s = RedisModule_StringPtrLen(subcommand, &len);
    if (len > 32) len = 32;
    memcpy(name, acl, sizeof(acl) - 1);
    memcpy(name + sizeof(acl) - 1, s, len);
    RedisModule_CommandFilterArgDelete(cmd, 1);
    RedisModule_CommandFilterArgReplace(
        cmd, 0, RedisModule_CreateString(NULL, name, sizeof(acl) - 1 + len));
}

/* Of ACL, clients have what tells about themselves and the categories, and the log. LOG RESET
 * is not among it: the log is the operator's record of refused logins. */
static void filter_acl(RedisModuleCommandFilterCtx *cmd) {
    int argc = RedisModule_CommandFilterArgsCount(cmd);
    if (argc < 2) return;
    if (RedisModule_CommandFilterArgGet(cmd, 0) == permitted_acl) {
        held_dirty = 1; /* it was postponed, and somebody may have logged in meanwhile */
        return;
    }
    const RedisModuleString *sub = RedisModule_CommandFilterArgGet(cmd, 1);
    if (is_exactly(sub, "WHOAMI") || is_exactly(sub, "CAT") || is_exactly(sub, "GENPASS") ||
        is_exactly(sub, "HELP"))
        return;
    if (is_exactly(sub, "LOG") &&
        !(argc > 2 && reads_as(RedisModule_CommandFilterArgGet(cmd, 2), "RESET")))
        return;
    if (argc == 2 && (is_exactly(sub, "LIST") || is_exactly(sub, "USERS")))
        rename_command(cmd, ACL_COMMAND);
    else refuse_acl(cmd, sub);
}

static void filter_client(RedisModuleCommandFilterCtx *cmd) {
    int argc = RedisModule_CommandFilterArgsCount(cmd);
    if (argc >= 2 && reads_as(RedisModule_CommandFilterArgGet(cmd, 1), "LIST"))
        rename_command(cmd, CLIENT_COMMAND);
}

/* filter runs for every command there is, so the first letter decides for nearly all, and
 * nothing is asked of the engine before that. */
static void filter(RedisModuleCommandFilterCtx *cmd) {
    const RedisModuleString *name = RedisModule_CommandFilterArgGet(cmd, 0);

    switch (*RedisModule_StringPtrLen(name, NULL)) {
    case 'a':
    case 'A':
        if (reads_as(name, "AUTH")) filter_auth(cmd);
        else if (reads_as(name, "ACL")) filter_acl(cmd);
        else if (is_acl_secret(name)) permit_acl(cmd);
        break;
    case 'h':
    case 'H':
        if (reads_as(name, "HELLO")) filter_hello(cmd);
        break;
    case 'c':
    case 'C':
        if (reads_as(name, "CLIENT")) filter_client(cmd);
        else if (is_exactly(name, config_name)) look_soon();
        break;
    case 'r':
    case 'R':
        if (is_restore(name) && restore_is_refused()) rename_command(cmd, RESTORE_COMMAND);
        break;
    }
}

/* read_settings reads the file that Render in settings.go renders. The secret is in a file
 * because HELLO shows every client the arguments that a module was loaded with. */
static int read_settings(const char *path) {
    FILE *f = fopen(path, "re");
    if (!f) return 0;
    char usage_word[8] = "on";
    int n = fscanf(f, "acl-secret %127s internal-prefix %127s config-name %127s usage %7s", acl_secret,
                   internal_prefix, config_name, usage_word);
    fclose(f);
    counting = strcmp(usage_word, "off") != 0;
    return n >= 2;
}

/* has_acl says whether the engine still calls ACL by its name, rather than by one that the
 * configuration gave it. */
static int has_acl(RedisModuleCtx *ctx) {
    RedisModuleCallReply *reply = RedisModule_Call(ctx, "ACL", "c", "USERS");
    int ok = reply && RedisModule_CallReplyType(reply) == REDISMODULE_REPLY_ARRAY;
    if (reply) RedisModule_FreeCallReply(reply);
    return ok;
}

static int start_counting(RedisModuleCtx *ctx) {
    const RedisModuleEvent client_change = {REDISMODULE_EVENT_CLIENT_CHANGE, 1};
    own_ctx = RedisModule_GetDetachedThreadSafeContext(ctx);
    if (!own_ctx || !open_usage(ctx)) return 0;
    hash_clients();
    if (!counting) return 1;
    return RedisModule_SubscribeToServerEvent(ctx, client_change, on_client_change_tick) ==
           REDISMODULE_OK;
}

static int refuse(RedisModuleCtx *ctx, const char *why) {
    RedisModule_Log(ctx, "warning", "%s", why);
    return REDISMODULE_ERR;
}

__attribute__((visibility("default"))) int RedisModule_OnLoad(RedisModuleCtx *ctx,
                                                              RedisModuleString **argv, int argc);

int RedisModule_OnLoad(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    if (!load_api(ctx) || RedisModule_IsModuleNameBusy(MODULE_NAME)) return REDISMODULE_ERR;
    RedisModule_SetModuleAttribs(ctx, MODULE_NAME, MODULE_VERSION, REDISMODULE_APIVER_1);
    since_7_0 = RedisModule_GetServerVersion() >= 0x00070000;
    filters_once = RedisModule_GetServerVersion() >= 0x00070200;

    if (argc != 1) return refuse(ctx, "the module takes one argument, its settings file");
    if (!read_settings(RedisModule_StringPtrLen(argv[0], NULL)))
        return refuse(ctx, "the settings file of the module cannot be read");
    if (!has_acl(ctx)) return refuse(ctx, "the module needs ACL under its own name");
    permitted_acl = RedisModule_CreateString(NULL, "ACL", 3);

    /* MONITOR leaves administrative commands out. */
    static const char usage_flags[] = "admin deny-script allow-loading allow-stale";
    /* Where a call runs as its user, the real command's ACL decides. Redis 6.2 cannot, so
     * there these commands are administrative like the ones they stand for. */
    const char *flags = since_7_0 ? "deny-script allow-loading allow-stale"
                                    : usage_flags;
    if (RedisModule_CreateCommand(ctx, ACL_COMMAND, handle_acl, flags, 0, 0, 0) ||
        RedisModule_CreateCommand(ctx, CLIENT_COMMAND, handle_client, flags, 0, 0, 0) ||
        RedisModule_CreateCommand(ctx, USAGE_COMMAND, handle_usage, usage_flags, 0, 0, 0) ||
        RedisModule_CreateCommand(ctx, RESTORE_COMMAND, handle_restore, "", 0, 0, 0))
        return refuse(ctx, "the commands of the module cannot be registered");

    if (!start_counting(ctx)) return refuse(ctx, "the usage of tokens cannot be counted");

    /* NOSELF: our own CLIENT LIST must reach the engine. */
    if (!RedisModule_RegisterCommandFilter(ctx, filter, REDISMODULE_CMDFILTER_NOSELF))
        return refuse(ctx, "the command filter of the module cannot be registered");
    return REDISMODULE_OK;
}
