/* Which ACL user a login is sent to, and for what it counts. For the filter. */
#ifndef AIKAGI_LOGIN_H
#define AIKAGI_LOGIN_H

#include "redismodule_abi.h"

/* filter_auth and filter_hello rewrite a login in place, and count it. */
void filter_auth(RedisModuleCommandFilterCtx *cmd);
void filter_hello(RedisModuleCommandFilterCtx *cmd);

#endif
