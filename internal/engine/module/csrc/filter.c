#include "filter.h"

#include <string.h>

#include "clients.h"
#include "held.h"
#include "login.h"
#include "names.h"
#include "rename.h"
#include "restore.h"
#include "settings.h"
#include "standin.h"
#include "tick.h"
#include "writers.h"

/* The service's ACL commands carry this very object as their name, which is how a second pass
 * through the filter knows them: Redis 7.0 makes one after CLIENT PAUSE. */
static RedisModuleString *permitted_acl;

/* permit_acl lets the service's command through as ACL. The engine never sees the secret, so
 * it cannot show it in SLOWLOG, MONITOR or an error. */
static void permit_acl(RedisModuleCommandFilterCtx *cmd) {
    if (settings.counting) refresh_held(); /* what was held until now, even if nobody came meanwhile */
    acl_may_change();                      /* the command comes after us; the next login asks */
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
        acl_may_change(); /* it was postponed, and somebody may have logged in meanwhile */
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
    else if (reads_as(sub, "CAPA")) note_redirects(cmd);
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
 * nothing is asked of the engine before that, unless commands are renamed, or a replica's clients are not to write. */
static void filter(RedisModuleCommandFilterCtx *cmd) {
    if (!rename_command(cmd)) return;
    watch_write(cmd);
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
        else if (is_exactly(name, settings.config_name)) look_soon();
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

/* NOSELF: our own CLIENT LIST must reach the engine. */
int install_filter(RedisModuleCtx *ctx) {
    permitted_acl = RedisModule_CreateString(NULL, "ACL", 3);
    return RedisModule_RegisterCommandFilter(ctx, filter, REDISMODULE_CMDFILTER_NOSELF) != NULL;
}
