#include "tick.h"

#include "connections.h"
#include "engine.h"
#include "names.h"
#include "settings.h"

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
    for (const struct connection *c = NULL; (c = next_connection(c));) {
        RedisModuleString *user = RedisModule_GetClientUserNameById(own_ctx, c->id);
        if (!user) continue;
        size_t len;
        const char *name = RedisModule_StringPtrLen(user, &len);
        int internal = is_internal(name, len);
        RedisModule_FreeString(own_ctx, user);
        if (!internal) return 1;
    }
    return 0;
}

/* follow_clients never takes away what the service has set: a node that is being set up ticks faster. */
static void follow_clients(RedisModuleCtx *ctx, void *data) {
    (void)ctx;
    (void)data;
    tick_timer = 0;
    looking = 0;
    if (!has_client()) {
        if (raised && read_setting("hz") == TICKS) write_setting("hz", "1"); /* as TickIdle in config.go */
        raised = wakes = 0;
        return;
    }
    if (wakes == 0) {
        long long hz = read_setting("hz");
        if (hz > 0 && hz < TICKS) {
            write_setting("hz", "10");
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

void look_soon(void) {
    if (!count_connections() || looking) return;
    looking = 1;
    wakes = 0;
    look_again(FIRST_LOOK_MS);
}

void connection_came(void) {
    if (!raised) look_soon();
}
