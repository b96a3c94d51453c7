#include "fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fake_api.h"
#include "reply.h"

#define MANY 512 /* arguments */

struct RedisModuleCommandFilterCtx {
    RedisModuleString *argv[MANY];
    int argc;
    uint64_t client;
};

static struct {
    const char *name;
    RedisModuleCmdFunc handle;
} commands[32];
static int commands_len;

static int version, held_once;
static RedisModuleCommandFilterFunc filter;
static struct {
    RedisModuleTimerProc call; /* NULL: the place is free */
    void *data;
    int64_t due;
} timers[64];
static int64_t timer_now;

/* --- commands, events, timers */

static void fake_SetModuleAttribs(RedisModuleCtx *ctx, const char *name, int ver, int api) {
    (void)ctx;
    (void)name;
    (void)ver;
    (void)api;
}

static int fake_IsModuleNameBusy(const char *name) {
    (void)name;
    return 0;
}

static int fake_GetServerVersion(void) { return version; }

static void fake_Log(RedisModuleCtx *ctx, const char *level, const char *format, ...) {
    (void)ctx;
    (void)level;
    (void)format;
}

static struct RedisModuleCtx detached;

static RedisModuleCtx *fake_GetDetachedThreadSafeContext(RedisModuleCtx *ctx) {
    (void)ctx;
    return &detached;
}

static int fake_SubscribeToServerEvent(RedisModuleCtx *ctx, RedisModuleEvent event, RedisModuleEventCallback callback) {
    (void)ctx;
    if (event.id == REDISMODULE_EVENT_CLIENT_CHANGE) tell_of_clients(callback);
    if (event.id == REDISMODULE_EVENT_ROLE_CHANGE) tell_of_roles(callback);
    return REDISMODULE_OK;
}

static uint64_t fake_CreateTimer(RedisModuleCtx *ctx, int64_t ms, RedisModuleTimerProc callback, void *data) {
    size_t i = 0;
    (void)ctx;
    CHECK(ms > 0);
    while (timers[i].call) i++;
    timers[i].call = callback;
    timers[i].data = data;
    timers[i].due = timer_now + ms;
    return i + 1;
}

static int fake_StopTimer(RedisModuleCtx *ctx, uint64_t id, void **data) {
    (void)ctx;
    (void)data;
    timers[id - 1].call = NULL;
    return REDISMODULE_OK;
}

int fire_timer(void) {
    size_t next = 0, n = sizeof(timers) / sizeof(*timers);
    for (size_t i = 0; i < n; i++)
        if (timers[i].call && (!timers[next].call || timers[i].due < timers[next].due)) next = i;
    RedisModuleTimerProc due = timers[next].call;
    if (!due) return 0;
    timers[next].call = NULL;
    timer_now = timers[next].due;
    due(NULL, timers[next].data);
    return 1;
}

static int fake_CreateCommand(RedisModuleCtx *ctx, const char *name, RedisModuleCmdFunc handle, const char *flags, int a,
                              int b, int c) {
    (void)ctx;
    (void)flags;
    CHECK(a == 0 && b == 0 && c == 0);
    commands[commands_len].name = name;
    commands[commands_len++].handle = handle;
    return REDISMODULE_OK;
}

static RedisModuleCommandFilter *fake_RegisterCommandFilter(RedisModuleCtx *ctx, RedisModuleCommandFilterFunc function,
                                                            int flags) {
    CHECK_NUMBER(flags, REDISMODULE_CMDFILTER_NOSELF);
    filter = function;
    return (RedisModuleCommandFilter *)ctx; /* anything but NULL */
}

static int fake_CommandFilterArgsCount(RedisModuleCommandFilterCtx *cmd) { return cmd->argc; }

static RedisModuleString *fake_CommandFilterArgGet(RedisModuleCommandFilterCtx *cmd, int pos) {
    return pos >= 0 && pos < cmd->argc ? cmd->argv[pos] : NULL;
}

static int fake_CommandFilterArgInsert(RedisModuleCommandFilterCtx *cmd, int pos, RedisModuleString *arg) {
    CHECK(pos >= 0 && pos <= cmd->argc && arg);
    memmove(cmd->argv + pos + 1, cmd->argv + pos, sizeof(*cmd->argv) * (size_t)(cmd->argc - pos));
    cmd->argv[pos] = arg;
    cmd->argc++;
    return REDISMODULE_OK;
}

static int fake_CommandFilterArgReplace(RedisModuleCommandFilterCtx *cmd, int pos, RedisModuleString *arg) {
    CHECK(pos >= 0 && pos < cmd->argc && arg);
    free_string(cmd->argv[pos]);
    cmd->argv[pos] = arg;
    return REDISMODULE_OK;
}

static int fake_CommandFilterArgDelete(RedisModuleCommandFilterCtx *cmd, int pos) {
    CHECK(pos >= 0 && pos < cmd->argc);
    free_string(cmd->argv[pos]);
    cmd->argc--;
    memmove(cmd->argv + pos, cmd->argv + pos + 1, sizeof(*cmd->argv) * (size_t)(cmd->argc - pos));
    return REDISMODULE_OK;
}

static unsigned long long fake_CommandFilterGetClientId(RedisModuleCommandFilterCtx *cmd) { return cmd->client; }

static int get_api(const char *name, void *to) {
#define RESOLVE(ret, function, params)                                                                                 \
    if (strcmp(name, "RedisModule_" #function) == 0) {                                                                 \
        ret(*f) params = fake_##function;                                                                              \
        memcpy(to, &f, sizeof(f));                                                                                     \
        return REDISMODULE_OK;                                                                                         \
    }
    AIKAGI_API(RESOLVE)
    if (version < REDIS_7_2) return REDISMODULE_ERR;
    AIKAGI_OPTIONAL_API(RESOLVE)
#undef RESOLVE
    return REDISMODULE_ERR;
}

int RedisModule_OnLoad(RedisModuleCtx *ctx, RedisModuleString **argv, int argc);

int load(int of_version, const char *settings) {
    FILE *f = fopen("settings", "w");
    CHECK(f && fputs(settings, f) >= 0 && fclose(f) == 0);
    version = of_version;
    struct RedisModuleCtx ctx = {.get_api = get_api};
    if (!find_answer("ACL USERS")) answer("ACL USERS", "(default,aikagi:admin)");
    if (!find_answer("COMMAND LIST")) answer("COMMAND LIST", "()");
    if (!find_answer("COMMAND")) answer("COMMAND", "()");
    RedisModuleString *argument = make_string("settings");
    int result = RedisModule_OnLoad(&ctx, &argument, 1);
    free_string(argument);
    return result;
}

/* add_argument writes it as make_string reads it. */
static void add_argument(char *to, const RedisModuleString *arg) {
    to += strlen(to);
    *to++ = ' ';
    for (size_t i = 0; i < arg->len; i++) {
        char c = arg->s[i];
        if (!c || c == ' ') *to++ = '\\';
        *to++ = (char)(!c ? '0' : c == ' ' ? 's' : c);
    }
    *to = 0;
}

void hold_commands(int on) { held_once = on; }

const char *run(uint64_t id, const char *command) {
    struct RedisModuleCommandFilterCtx cmd = {.client = id};
    struct RedisModuleCtx ctx = {.client = id};
    char words[8192];
    snprintf(words, sizeof(words), "%s", command);
    for (char *s = strtok(words, " "); s; s = strtok(NULL, " ")) cmd.argv[cmd.argc++] = make_string(s);
    filter(&cmd);
    if (held_once) filter(&cmd);
    begin_answer();
    int ours = 0;
    for (int i = 0; i < commands_len && !ours; i++)
        if (strcmp(commands[i].name, cmd.argv[0]->s) == 0) {
            commands[i].handle(&ctx, cmd.argv, cmd.argc);
            ours = 1;
        }
    char left[8192] = "engine:";
    for (int i = 0; i < cmd.argc; i++) {
        add_argument(left, cmd.argv[i]);
        free_string(cmd.argv[i]);
    }
    return end_answer(ours ? NULL : left);
}
