#include "parameters.h"

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

/* The default is the original's, so that an engine has it before the service comes. */
int register_parameters(RedisModuleCtx *ctx) {
    if (!RedisModule_CommandFilterGetClientId) return 1;
    return start_writers(ctx) &&
           RedisModule_RegisterBoolConfig(ctx, "close-on-replica-write", 1, 0, get_closing, set_closing, NULL, NULL) ==
               REDISMODULE_OK &&
           RedisModule_LoadConfigs(ctx) == REDISMODULE_OK;
}
