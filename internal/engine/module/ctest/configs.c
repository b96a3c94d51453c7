/* What the fake engine is: its role, its settings that are the module's, and what its users may. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fake.h"
#include "fake_api.h"

static struct {
    const char *name, *value; /* at first */
    RedisModuleGetBool get_bool;
    RedisModuleSetBool set_bool;
    RedisModuleGetString get_string;
    RedisModuleSetString set_string;
} known[8];
static int known_len;

static int replica;
static const char *forbidden = "";
static RedisModuleEventCallback on_role;

void tell_of_roles(RedisModuleEventCallback callback) { on_role = callback; }

void be_replica(int is) {
    const RedisModuleEvent event = {REDISMODULE_EVENT_ROLE_CHANGE, 1};
    replica = is;
    if (on_role) on_role(NULL, event, is ? REDISMODULE_SUBEVENT_ROLE_NOW_REPLICA : !REDISMODULE_SUBEVENT_ROLE_NOW_REPLICA, NULL);
}

int fake_GetContextFlags(RedisModuleCtx *ctx) {
    (void)ctx;
    return replica ? REDISMODULE_CTX_FLAGS_REPLICA : 0;
}

void forbid(const char *command) { forbidden = command; }

struct RedisModuleUser {
    char name[64];
};

RedisModuleUser *fake_GetModuleUserFromUserName(RedisModuleString *name) {
    RedisModuleUser *user = calloc(1, sizeof(*user));
    CHECK(name->len < sizeof(user->name));
    memcpy(user->name, name->s, name->len);
    return user;
}

int fake_FreeModuleUser(RedisModuleUser *user) {
    free(user);
    return REDISMODULE_OK;
}

int fake_ACLCheckCommandPermissions(RedisModuleUser *user, RedisModuleString **argv, int argc) {
    CHECK(*user->name && argc > 0);
    return strcmp(argv[0]->s, forbidden) == 0 ? REDISMODULE_ERR : REDISMODULE_OK;
}

int fake_RegisterBoolConfig(RedisModuleCtx *ctx, const char *name, int value, unsigned flags, RedisModuleGetBool get,
                            RedisModuleSetBool set, RedisModuleApply apply, void *data) {
    (void)ctx;
    CHECK(!flags && !apply && !data);
    known[known_len].name = name;
    known[known_len].value = value ? "yes" : "no";
    known[known_len].get_bool = get;
    known[known_len++].set_bool = set;
    return REDISMODULE_OK;
}

int fake_RegisterStringConfig(RedisModuleCtx *ctx, const char *name, const char *value, unsigned flags, RedisModuleGetString get,
                              RedisModuleSetString set, RedisModuleApply apply, void *data) {
    (void)ctx;
    CHECK(!flags && !apply && !data);
    known[known_len].name = name;
    known[known_len].value = value;
    known[known_len].get_string = get;
    known[known_len++].set_string = set;
    return REDISMODULE_OK;
}

static int place_of_setting(const char *name) {
    int i = 0;
    while (i < known_len && strcmp(known[i].name, name) != 0) i++;
    return i;
}

const char *configure(const char *name, const char *value) {
    static char why[512];
    int i = place_of_setting(name), result;
    RedisModuleString *refusal = NULL;
    if (i == known_len) return "unknown";
    if (known[i].set_bool) {
        result = known[i].set_bool(name, strcmp(value, "yes") == 0, NULL, &refusal);
    } else {
        RedisModuleString *text = fake_CreateString(NULL, value, strlen(value));
        result = known[i].set_string(name, text, NULL, &refusal);
        free_string(text);
    }
    CHECK((result == REDISMODULE_OK) == (refusal == NULL));
    if (!refusal) return NULL;
    strncpy(why, refusal->s, sizeof(why) - 1);
    free_string(refusal);
    return why;
}

const char *configured(const char *name) {
    int i = place_of_setting(name);
    if (i == known_len) return "unknown";
    if (known[i].get_bool) return known[i].get_bool(name, NULL) ? "yes" : "no";
    return known[i].get_string(name, NULL)->s;
}

int fake_LoadConfigs(RedisModuleCtx *ctx) {
    (void)ctx;
    for (int i = 0; i < known_len; i++) CHECK(!configure(known[i].name, known[i].value));
    return REDISMODULE_OK;
}
