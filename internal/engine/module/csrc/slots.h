/* Places for connections that clients cannot take. For the engine's main thread.
 *
 * The engine's own limit, maxclients, is RESERVED_CLIENTS higher than what clients are let have. A client beyond its
 * limit is answered as the engine would and closed; half of the rest is for connections from nodes' addresses, which are replicas' and
 * the service's proofs, and what is left for the unix socket.
 *
 * Of a connection over TLS the engine tells the module when its handshake is over. Those that have not come so far
 * count, too: when all are more than the limit, the oldest of them are closed, at a tick. Engines tick faster with many clients.
 *
 * An engine takes memory for each client that it may have, so it begins with room for few, and has twice as much as often as the gate runs
 * out of it, up to what the settings say, or as many files as it may open. It keeps the room until it ends. */
#ifndef AIKAGI_SLOTS_H
#define AIKAGI_SLOTS_H

#include "redismodule_abi.h"

#define RESERVED_CLIENTS 512 /* as ReservedClients in settings.go */

/* start_slots reads the limits, when the module is loaded; without it there are none. It returns 0 when the engine does
 * not tell of its ticks. */
int start_slots(RedisModuleCtx *ctx);

/* has_slot says whether a new connection over the network may stay. */
int has_slot(const RedisModuleClientInfo *info);

/* turn_away says why, where that can be said without TLS, and closes. */
void turn_away(const RedisModuleClientInfo *info);

/* clients_limit returns how many connections clients may come to have; 0: as many as the engine says. */
long long clients_limit(void);

#endif
