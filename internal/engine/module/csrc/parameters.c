#include "parameters.h"

#include <stdio.h>
#include <string.h>

#include "rename.h"
#include "words.h"
#include "writers.h"

static int get_closing(const char *name, void *data) {
    (void)name;
    (void)data;
    return are_writers_closed();
}

static int set_closing(const char *name, int on, void *data, RedisModuleString **why) {
    (void)name;
    (void)data;
    (void)why;
    close_writers(on);
    return REDISMODULE_OK;
}

static RedisModuleString *get_renaming(const char *name, void *data) {
    (void)name;
    (void)data;
    return renames();
}

static int set_renaming(const char *name, RedisModuleString *pairs, void *data, RedisModuleString **why) {
    char text[WORD_SIZE + 128];
    const char *about;
    size_t len;
    (void)name;
    (void)data;
    const char *wrong = set_renames(pairs, &about, &len);
    if (!wrong) return REDISMODULE_OK;
    snprintf(text, sizeof(text), "%.*s %s", (int)(len < WORD_SIZE ? len : WORD_SIZE), about, wrong);
    *why = RedisModule_CreateString(NULL, text, strlen(text));
    return REDISMODULE_ERR;
}

/* The defaults are the original's, so that an engine has them before the service comes. */
int register_parameters(RedisModuleCtx *ctx) {
    if (!RedisModule_CommandFilterGetClientId) return 1;
    return start_writers(ctx) &&
           RedisModule_RegisterBoolConfig(ctx, "close-on-replica-write", 1, 0, get_closing, set_closing, NULL, NULL) ==
               REDISMODULE_OK &&
           RedisModule_RegisterStringConfig(ctx, "rename-commands", "", 0, get_renaming, set_renaming, NULL, NULL) ==
               REDISMODULE_OK &&
           RedisModule_LoadConfigs(ctx) == REDISMODULE_OK;
}
