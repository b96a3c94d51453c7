#include "redismodule_abi.h"

#include <string.h>

#define AIKAGI_DEFINE(ret, name, params) ret(*RedisModule_##name) params;
AIKAGI_API(AIKAGI_DEFINE)
AIKAGI_OPTIONAL_API(AIKAGI_DEFINE)
#undef AIKAGI_DEFINE

/* The engine puts the address of its lookup function first in the context that it hands to RedisModule_OnLoad; nothing
 * else of the context's layout is known here. */
int load_api(RedisModuleCtx *ctx) {
    int (*get_api)(const char *, void *);
    memcpy(&get_api, ctx, sizeof(get_api));
#define AIKAGI_RESOLVE(ret, name, params)                                                        \
    if (get_api("RedisModule_" #name, (void *)&RedisModule_##name) != REDISMODULE_OK) return 0;
    AIKAGI_API(AIKAGI_RESOLVE)
#undef AIKAGI_RESOLVE
#define AIKAGI_TRY(ret, name, params)                                                            \
    if (get_api("RedisModule_" #name, (void *)&RedisModule_##name) != REDISMODULE_OK)            \
        RedisModule_##name = NULL;
    AIKAGI_OPTIONAL_API(AIKAGI_TRY)
#undef AIKAGI_TRY
    return 1;
}
