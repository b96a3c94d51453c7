/* How often the engine looks after itself, its hz, follows whether a client is there. For the engine's main thread.
 *
 * A node that nothing is done to ticks once a second, because a thousand of them would take a core otherwise. But an
 * engine notices that a time limit has passed, and expires keys, at a tick: at one a second BLPOP came up to a second late.
 * So while a client is connected the engine ticks as often as a bare one. A new hz holds from the next tick on, which may be a
 * second away: until then a timer wakes the engine, which is enough for time limits.
 *
 * Connections of the service, like those of replicas, are no clients. A node that has no other has no timer. */
#ifndef AIKAGI_TICK_H
#define AIKAGI_TICK_H

/* connection_came is for each new connection that is in the table. */
void connection_came(void);

/* look_soon is for commands by which the service may have set hz. It puts nothing off: who
 * connects all the time must not keep the engine from looking. */
void look_soon(void);

#endif
