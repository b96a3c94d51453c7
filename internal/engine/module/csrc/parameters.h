/* Parameters of parameter groups that no engine has, and the module honours: the service sets them with CONFIG SET, as
 * MODULE_NAME.close-on-replica-write and MODULE_NAME.rename-commands, and is shown them by CONFIG GET. */
#ifndef AIKAGI_PARAMETERS_H
#define AIKAGI_PARAMETERS_H

#include "redismodule_abi.h"

/* register_parameters does nothing with an engine that does not tell the filter whose command it is (before Redis 7.2): who mistakes
 * its primary for a client breaks replication. It returns 0 when the engine refuses them. It needs the table of connections. */
int register_parameters(RedisModuleCtx *ctx);

#endif
