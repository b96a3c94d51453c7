/* How often the engine looks after itself, its hz, follows whether a client is there.
 *
 * A node that nothing is done to ticks once a second, because a thousand of them would take a core otherwise. But an
 * engine notices that a time limit has passed, and expires keys, at a tick: at one a second BLPOP came up to a second late.
 * So while a client is connected the engine ticks as often as a bare one. A new hz holds from the next tick on, which may be a
 * second away: until then a timer wakes the engine, which is enough for time limits.
 *
 * Connections of the service, like those of replicas, are no clients. A node that has no other has no timer. */
#ifndef AIKAGI_TICK_H
#define AIKAGI_TICK_H

#include "connections.h"

#define TICKS 10          /* a second, the engines' own default, and TickClients in config.go */
#define FIRST_LOOK_MS 10  /* after a connection began: who it is, is known when it has logged in */
#define WAKE_MS 100       /* until the new hz holds */
#define LOOK_MS 1000      /* afterwards */

static uint64_t tick_timer; /* 0: none is set */
static int wakes;           /* how often the timer is still to wake the engine */
static int raised;          /* hz is what we made it */
static int looking;         /* the timer is the first look */

static void look_again(int64_t ms);

/* has_client stops at the first that it finds, and the service's own are few. */
static int has_client(void) {
    size_t left = connections_count;
    for (size_t i = 0; i < connections_size && left; i++) {
        if (!connections[i].id) continue;
        left--;
        RedisModuleString *user = RedisModule_GetClientUserNameById(own_ctx, connections[i].id);
        if (!user) continue;
        size_t len;
        const char *name = RedisModule_StringPtrLen(user, &len);
        int internal = is_internal(name, len);
        RedisModule_FreeString(own_ctx, user);
        if (!internal) return 1;
    }
    return 0;
}

/* current_hz asks for the setting; 0 when the engine does not say it now. */
static long current_hz(void) {
    RedisModuleCallReply *reply = RedisModule_Call(own_ctx, config_name, "cc", "GET", "hz");
    long hz = 0;
    if (!reply) return 0;
    if (RedisModule_CallReplyType(reply) == REDISMODULE_REPLY_ARRAY &&
        RedisModule_CallReplyLength(reply) == 2) {
        size_t len;
        const char *s = RedisModule_CallReplyStringPtr(RedisModule_CallReplyArrayElement(reply, 1), &len);
        for (size_t i = 0; s && i < len && s[i] >= '0' && s[i] <= '9'; i++) hz = hz * 10 + (s[i] - '0');
    }
    RedisModule_FreeCallReply(reply);
    return hz;
}

static void set_hz(const char *hz) {
    RedisModuleCallReply *reply = RedisModule_Call(own_ctx, config_name, "ccc", "SET", "hz", hz);
    if (reply) RedisModule_FreeCallReply(reply);
}

/* follow_clients never takes away what the service has set: a node that is being set up ticks faster. */
static void follow_clients(RedisModuleCtx *ctx, void *data) {
    (void)ctx;
    (void)data;
    tick_timer = 0;
    looking = 0;
    if (!has_client()) {
        if (raised && current_hz() == TICKS) set_hz("1"); /* as TickIdle in config.go */
        raised = wakes = 0;
        return;
    }
    if (wakes == 0) {
        long hz = current_hz();
        if (hz > 0 && hz < TICKS) {
            set_hz("10");
            raised = 1;
            wakes = LOOK_MS / WAKE_MS + 1;
        }
    } else wakes--;
    look_again(wakes ? WAKE_MS : LOOK_MS);
}

static void look_again(int64_t ms) {
    if (tick_timer) RedisModule_StopTimer(own_ctx, tick_timer, NULL);
    tick_timer = RedisModule_CreateTimer(own_ctx, ms, follow_clients, NULL);
}

/* look_soon is for new connections, and for commands by which the service may have set hz. It puts nothing off: who
 * connects all the time must not keep the engine from looking. */
static void look_soon(void) {
    if (!connections_count || looking) return;
    looking = 1;
    wakes = 0;
    look_again(FIRST_LOOK_MS);
}

#endif
