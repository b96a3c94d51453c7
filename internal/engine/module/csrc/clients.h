/* Of CLIENT, what shows connections of the service. For the filter. */
#ifndef AIKAGI_CLIENTS_H
#define AIKAGI_CLIENTS_H

#include "redismodule_abi.h"

/* hide_redirect has CLIENT TRACKING not find a connection of the service to send invalidations to. It
 * changes the state of its own connection, so the engine has to carry it out. */
void hide_redirect(RedisModuleCommandFilterCtx *cmd);

#endif
