/* RESTORE makes a key of bytes that a client sends, with the engine's parser of snapshots, and a forged payload may
 * end or hold up the engine. It is refused, with a sentence that says what to do, unless the group's owner allows it.
 * For the engine's main thread.
 *
 * The access rules refuse it, too, and are the wall; without this file the answer would be a NOPERM that helps nobody. */
#ifndef AIKAGI_RESTORE_H
#define AIKAGI_RESTORE_H

#include "redismodule_abi.h"

/* is_restore: the engines have a second name for it, with which keys of a cluster are moved. */
int is_restore(const RedisModuleString *name);

/* restore_is_refused asks the ACL of the moment. On a replica it may already refuse what the primary still let
 * through, hence the look at where the command comes from in handle_restore. */
int restore_is_refused(void);

#endif
