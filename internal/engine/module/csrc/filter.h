/* The command filter: what becomes of each command before the engine looks it up. */
#ifndef AIKAGI_FILTER_H
#define AIKAGI_FILTER_H

#include "redismodule_abi.h"

/* install_filter comes last when the module is loaded, for the filter needs everything else. It returns 0 when the engine
 * refuses it. From then on the engine calls the filter on its main thread, for each command, also one of a script. */
int install_filter(RedisModuleCtx *ctx);

#endif
