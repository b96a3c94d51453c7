#include "standin.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "engine.h"
#include "handlers.h"

/* name is what the engine knows it by, original what it stands in for, as CLIENT LIST writes it. ClientRules in
 * settings.go has all names. */
static const struct {
    const char *name, *original;
    RedisModuleCmdFunc handle;
    int script; /* scripts can call it */
} stand_ins[STAND_INS] = {
    [ACL_CAT] = {MODULE_PREFIX "acl-cat", "acl|cat", handle_acl_cat, 0},
    [ACL_DRYRUN] = {MODULE_PREFIX "acl-dryrun", "acl|dryrun", handle_acl_dryrun, 0},
    [ACL_LIST] = {MODULE_PREFIX "acl-list", "acl|list", handle_acl_list, 0},
    [ACL_LOG] = {MODULE_PREFIX "acl-log", "acl|log", handle_acl_log, 0},
    [ACL_USERS] = {MODULE_PREFIX "acl-users", "acl|users", handle_acl_users, 0},
    [CLIENT_KILL] = {MODULE_PREFIX "client-kill", "client|kill", handle_client_kill, 0},
    [CLIENT_LIST] = {MODULE_PREFIX "client-list", "client|list", handle_client_list, 0},
    [CLIENT_UNBLOCK] = {MODULE_PREFIX "client-unblock", "client|unblock", handle_client_unblock, 0},
    [COMMAND] = {MODULE_PREFIX "command", "command", handle_command, 1},
    [INFO] = {MODULE_PREFIX "info", "info", handle_info, 1},
    [LATENCY_HISTOGRAM] = {MODULE_PREFIX "latency-histogram", "latency|histogram", handle_latency_histogram, 0},
    [RESTORE] = {MODULE_PREFIX "restore", "restore", handle_restore, 1},
    [SLOWLOG_GET] = {MODULE_PREFIX "slowlog-get", "slowlog|get", handle_slowlog_get, 1},
};

/* The very objects that the filter puts in. No client can produce them, so they tell a stand-in
 * whether it was called by the filter. */
static RedisModuleString *stand_in_names[STAND_INS];

/* MONITOR shows the engine's own command, which each of ours calls. */
static const char usage_flags[] = "admin deny-script no-monitor allow-loading allow-stale";

/* handle runs a stand-in, if it was the filter that called it. */
static int handle(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    for (int i = 0; i < STAND_INS; i++)
        if (argv[0] == stand_in_names[i]) return stand_ins[i].handle(ctx, argv, argc);
    return reply_unknown(ctx, argv, argc);
}

int create_stand_ins(RedisModuleCtx *ctx) {
    /* Where a call runs as its user, the real command's ACL decides. Redis 6.2 cannot, so
     * there these commands are administrative. */
    const char *for_scripts = since_7_0 ? "no-monitor allow-loading allow-stale"
                                        : "admin no-monitor allow-loading allow-stale";
    const char *for_clients = since_7_0 ? "deny-script no-monitor allow-loading allow-stale"
                                        : usage_flags;
    for (int i = 0; i < STAND_INS; i++) {
        const char *name = stand_ins[i].name;
        stand_in_names[i] = RedisModule_CreateString(NULL, name, strlen(name));
        if (RedisModule_CreateCommand(ctx, name, handle,
                                      stand_ins[i].script ? for_scripts : for_clients, 0, 0, 0))
            return 0;
    }
    return 1;
}

int create_own_command(RedisModuleCtx *ctx, const char *name, RedisModuleCmdFunc own) {
    return RedisModule_CreateCommand(ctx, name, own, usage_flags, 0, 0, 0) == REDISMODULE_OK;
}

void stand_in(RedisModuleCommandFilterCtx *cmd, enum stand_in which) {
    RedisModule_RetainString(NULL, stand_in_names[which]);
    RedisModule_CommandFilterArgReplace(cmd, 0, stand_in_names[which]);
}

int is_ours(const char *name, size_t len) {
    size_t n = sizeof(MODULE_PREFIX) - 1;
    return len >= n && strncasecmp(name, MODULE_PREFIX, n) == 0;
}

const char *original_of(const char *name, size_t name_len, size_t *len) {
    for (int i = 0; i < STAND_INS; i++) {
        if (strlen(stand_ins[i].name) != name_len || memcmp(stand_ins[i].name, name, name_len) != 0)
            continue;
        *len = since_7_0 ? strlen(stand_ins[i].original) : strcspn(stand_ins[i].original, "|");
        return stand_ins[i].original;
    }
    return NULL;
}

int reply_unknown(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    char args[160] = "", error[384];
    size_t n = 0;
    for (int i = 1; i < argc && n < 128; i++)
        n += (size_t)snprintf(args + n, sizeof(args) - n, "'%.*s' ", (int)(128 - n),
                              RedisModule_StringPtrLen(argv[i], NULL));
    snprintf(error, sizeof(error), "ERR unknown command '%.128s', with args beginning with: %s",
             RedisModule_StringPtrLen(argv[0], NULL), args);
    return reply_error(ctx, error);
}
