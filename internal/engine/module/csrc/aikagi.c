/* The engine module of aikagi: sends each login to the ACL user of its token, and answers
 * what clients can ask about the engine without what belongs to the service.
 * doc.go says why; this file and its headers say how.
 *
 * What it decides depends on its settings and the command alone; besides, it counts. A filter
 * sees each command before the engine looks it up, and like every command and event it runs on the
 * engine's main thread: nothing locks. */
#define _GNU_SOURCE /* memmem */
#include <stdio.h>

#include "answer.h"
#include "info.h"
#include "kill.h"
#include "lists.h"
#include "login.h"
#include "logs.h"
#include "report.h"
#include "restore.h"
#include "slots.h"
#include "tick.h"

#define MODULE_VERSION 1

/* The service's ACL commands carry this very object as their name, which is how a second pass
 * through the filter knows them: Redis 7.0 makes one after CLIENT PAUSE. */
static RedisModuleString *permitted_acl;

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

/* is_one_of compares with words up to NULL. */
static int is_one_of(const RedisModuleString *arg, const char *const *words) {
    for (; *words; words++)
        if (reads_as(arg, *words)) return 1;
    return 0;
}

/* Of ACL, clients do not have what changes it or shows password hashes. Of what is left here the engine
 * answers what we do not: it also knows best which subcommands there are not. */
static void filter_acl(RedisModuleCommandFilterCtx *cmd) {
    static const char *const refused[] = {"SETUSER", "DELUSER", "GETUSER", "LOAD", "SAVE", NULL};
    int argc = RedisModule_CommandFilterArgsCount(cmd);
    if (argc < 2) return;
    if (RedisModule_CommandFilterArgGet(cmd, 0) == permitted_acl) {
        held_dirty = 1; /* it was postponed, and somebody may have logged in meanwhile */
        return;
    }
    const RedisModuleString *sub = RedisModule_CommandFilterArgGet(cmd, 1);
    if (is_one_of(sub, refused)) refuse_acl(cmd, sub);
    else if (reads_as(sub, "LIST") && argc == 2) stand_in(cmd, ACL_LIST);
    else if (reads_as(sub, "USERS") && argc == 2) stand_in(cmd, ACL_USERS);
    else if (reads_as(sub, "CAT") && argc == 3) stand_in(cmd, ACL_CAT);
    else if (reads_as(sub, "LOG") && argc <= 3) stand_in(cmd, ACL_LOG);
    else if (reads_as(sub, "DRYRUN") && argc >= 4) stand_in(cmd, ACL_DRYRUN);
}

static void filter_client(RedisModuleCommandFilterCtx *cmd) {
    int argc = RedisModule_CommandFilterArgsCount(cmd);
    if (argc < 2) return;
    const RedisModuleString *sub = RedisModule_CommandFilterArgGet(cmd, 1);
    if (reads_as(sub, "LIST")) stand_in(cmd, CLIENT_LIST);
    else if (reads_as(sub, "KILL") && argc >= 3) stand_in(cmd, CLIENT_KILL);
    else if (reads_as(sub, "UNBLOCK") && argc >= 3) stand_in(cmd, CLIENT_UNBLOCK);
    else if (reads_as(sub, "TRACKING")) hide_redirect(cmd);
}

static void filter_command(RedisModuleCommandFilterCtx *cmd) {
    static const char *const listing[] = {"DOCS", "INFO", "LIST", NULL};
    static const char *const naming[] = {"GETKEYS", "GETKEYSANDFLAGS", NULL};
    int argc = RedisModule_CommandFilterArgsCount(cmd);
    if (argc < 2) {
        stand_in(cmd, COMMAND);
        return;
    }
    const RedisModuleString *sub = RedisModule_CommandFilterArgGet(cmd, 1);
    if (is_one_of(sub, listing) || (reads_as(sub, "COUNT") && argc == 2) ||
        (is_one_of(sub, naming) && argc >= 4))
        stand_in(cmd, COMMAND);
}

/* filter_subcommand stands in for one subcommand of a command. */
static void filter_subcommand(RedisModuleCommandFilterCtx *cmd, const char *subcommand,
                              enum stand_in which) {
    if (RedisModule_CommandFilterArgsCount(cmd) >= 2 &&
        reads_as(RedisModule_CommandFilterArgGet(cmd, 1), subcommand))
        stand_in(cmd, which);
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
        else if (reads_as(name, "COMMAND")) filter_command(cmd);
        else if (is_exactly(name, config_name)) look_soon();
        break;
    case 'i':
    case 'I':
        if (reads_as(name, "INFO")) stand_in(cmd, INFO);
        break;
    case 'l':
    case 'L':
        if (reads_as(name, "LATENCY")) filter_subcommand(cmd, "HISTOGRAM", LATENCY_HISTOGRAM);
        break;
    case 's':
    case 'S':
        if (reads_as(name, "SLOWLOG")) filter_subcommand(cmd, "GET", SLOWLOG_GET);
        break;
    case 'r':
    case 'R':
        if (is_restore(name) && restore_is_refused()) stand_in(cmd, RESTORE);
        break;
    }
}

/* read_settings reads the file that Render in settings.go renders. The secret is in a file
 * because HELLO shows every client the arguments that a module was loaded with. */
static int read_settings(const char *path) {
    FILE *f = fopen(path, "re");
    if (!f) return 0;
    char usage_word[8] = "on", network[64] = "";
    int n = fscanf(f, "acl-secret %127s internal-prefix %127s config-name %127s usage %7s network %63s",
                   acl_secret, internal_prefix, config_name, usage_word, network);
    fclose(f);
    counting = strcmp(usage_word, "off") != 0;
    read_network(network);
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

/* on_client_change keeps the count of the service's own connections, and has the others counted. */
static void on_client_change(RedisModuleCtx *ctx, RedisModuleEvent event, uint64_t change,
                             void *data) {
    const RedisModuleClientInfo *info = data;
    int opened = change == REDISMODULE_SUBEVENT_CLIENT_CHANGE_CONNECTED;
    (void)ctx;
    (void)event;
    if (info->flags & REDISMODULE_CLIENTINFO_FLAG_UNIXSOCKET) service_connections += opened ? 1 : -1;
    else if (counting && opened && !has_slot(info)) turn_away(info->id);
    else if (counting) {
        count_client_change(info, opened);
        if (opened && !raised) look_soon();
    }
}

static int start_counting(RedisModuleCtx *ctx) {
    const RedisModuleEvent client_change = {REDISMODULE_EVENT_CLIENT_CHANGE, 1};
    own_ctx = RedisModule_GetDetachedThreadSafeContext(ctx);
    if (!own_ctx || !open_usage(ctx)) return 0;
    hash_clients();
    if (counting) read_slots(ctx);
    const RedisModuleEvent tick = {REDISMODULE_EVENT_CRON_LOOP, 1};
    if (over_tls && RedisModule_SubscribeToServerEvent(ctx, tick, on_tick) != REDISMODULE_OK) return 0;
    return RedisModule_SubscribeToServerEvent(ctx, client_change, on_client_change) ==
           REDISMODULE_OK;
}

static RedisModuleCmdFunc const handlers[STAND_INS] = {
    [ACL_CAT] = handle_acl_cat,
    [ACL_DRYRUN] = handle_acl_dryrun,
    [ACL_LIST] = handle_acl_list,
    [ACL_LOG] = handle_acl_log,
    [ACL_USERS] = handle_acl_users,
    [CLIENT_KILL] = handle_client_kill,
    [CLIENT_LIST] = handle_client_list,
    [CLIENT_UNBLOCK] = handle_client_unblock,
    [COMMAND] = handle_command,
    [INFO] = handle_info,
    [LATENCY_HISTOGRAM] = handle_latency_histogram,
    [RESTORE] = handle_restore,
    [SLOWLOG_GET] = handle_slowlog_get,
};

/* handle runs a stand-in, if it was the filter that called it. */
static int handle(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    for (int i = 0; i < STAND_INS; i++)
        if (argv[0] == stand_in_names[i]) return handlers[i](ctx, argv, argc);
    return reply_unknown(ctx, argv, argc);
}

static int create_commands(RedisModuleCtx *ctx) {
    /* MONITOR shows the engine's own command, which each of ours calls. */
    static const char usage_flags[] = "admin deny-script no-monitor allow-loading allow-stale";
    /* Where a call runs as its user, the real command's ACL decides. Redis 6.2 cannot, so
     * there these commands are administrative. */
    const char *for_scripts = since_7_0 ? "no-monitor allow-loading allow-stale"
                                        : "admin no-monitor allow-loading allow-stale";
    const char *for_clients = since_7_0 ? "deny-script no-monitor allow-loading allow-stale"
                                        : usage_flags;
    create_stand_in_names();
    for (int i = 0; i < STAND_INS; i++)
        if (RedisModule_CreateCommand(ctx, stand_ins[i].name, handle,
                                      stand_ins[i].script ? for_scripts : for_clients, 0, 0, 0))
            return 0;
    own_commands++;
    return RedisModule_CreateCommand(ctx, USAGE_COMMAND, handle_usage, usage_flags, 0, 0, 0) ==
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

    find_hidden(ctx);
    if (!create_commands(ctx))
        return refuse(ctx, "the commands of the module cannot be registered");

    if (!start_counting(ctx)) return refuse(ctx, "the usage of tokens cannot be counted");

    /* NOSELF: our own CLIENT LIST must reach the engine. */
    if (!RedisModule_RegisterCommandFilter(ctx, filter, REDISMODULE_CMDFILTER_NOSELF))
        return refuse(ctx, "the command filter of the module cannot be registered");
    return REDISMODULE_OK;
}
