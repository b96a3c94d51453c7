#include "slots.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "connections.h"
#include "engine.h"
#include "gate/gate.h"
#include "lines.h"
#include "service.h"
#include "settings.h"

#define LOOK_AT_SLOTS_MS 100

static long long limit_of_clients; /* 0: none of ours */
static long long most_of_clients;  /* which it can grow to */
static long long reserved;         /* by how much the engine's own limit is higher */

long long clients_limit(void) { return most_of_clients; }

void turn_away(const RedisModuleClientInfo *info) {
    static const char why[] = "-ERR max number of clients reached\r\n";
    size_t len = 0;
    RedisModuleCallReply *reply =
        info->flags & REDISMODULE_CLIENTINFO_FLAG_SSL
            ? NULL
            : RedisModule_Call(own_ctx, "CLIENT", "ccl", "LIST", "ID", (long long)info->id);
    const char *line = reply ? reply_text(reply, &len) : NULL;
    long long fd = line ? field_number(line, len, " fd=") : -1;
    /* As for the engine, it does not matter whether that arrives. */
    if (fd > 2 && write((int)fd, why, sizeof(why) - 1) < 0) fd = -1;
    if (reply) RedisModule_FreeCallReply(reply);
    RedisModule_DeauthenticateAndCloseClient(own_ctx, info->id);
}

int has_slot(const RedisModuleClientInfo *info) {
    long long limit = limit_of_clients;
    if (!limit) return 1;
    if (is_nodes_address(info->addr, strlen(info->addr))) limit += RESERVED_CLIENTS / 2;
    return (long long)count_connections() < limit;
}

/* are_few_files_open knows by the number of the next file that there are not more clients than may be. */
static int are_few_files_open(void) {
    int next = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    if (next < 0) return 0;
    close(next);
    return next <= limit_of_clients;
}

/* close_unfinished closes the oldest connections without a finished handshake, as many as there are too many. */
static void close_unfinished(const char *list, size_t len) {
    long long surplus = -limit_of_clients;
    for (size_t i = 0; i < len; i++) surplus += list[i] == '\n';
    struct line line = {0};
    while (surplus > 0 && next_line(&line, list, len)) {
        uint64_t id = (uint64_t)line_id(&line);
        if (id && !find_connection(id) && field_is(line.s, line.len, " cmd=", "NULL", 4) &&
            whose_line(line.s, line.len) == A_CLIENTS) {
            RedisModule_DeauthenticateAndCloseClient(own_ctx, id);
            surplus--;
        }
    }
}

static void on_tick(RedisModuleCtx *ctx, RedisModuleEvent event, uint64_t subevent, void *data) {
    static int64_t looked;
    int64_t now = now_ms();
    (void)ctx;
    (void)event;
    (void)subevent;
    (void)data;
    if (!limit_of_clients || now - looked < LOOK_AT_SLOTS_MS || are_few_files_open()) return;
    looked = now;
    RedisModuleCallReply *reply = RedisModule_Call(own_ctx, "CLIENT", "c", "LIST");
    size_t len;
    const char *list = reply_text(reply, &len);
    if (list) close_unfinished(list, len);
    if (reply) RedisModule_FreeCallReply(reply);
}

/* files_for_clients is how many clients an engine can have files for. The rest is as much as engines keep back themselves (CONFIG_MIN_RESERVED_FDS in
 * server.h). */
static long long files_for_clients(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return 0;
    return files.rlim_max == RLIM_INFINITY ? LLONG_MAX : (long long)files.rlim_max - 32 - reserved;
}

/* room_for_gate is how many clients the gate may let in: less than the limit as long as that can grow, so that nobody meets it; then more, so that it
 * is the module that says why. */
static long room_for_gate(void) {
    return (long)(limit_of_clients + (limit_of_clients < most_of_clients ? -1 : 1) * RESERVED_CLIENTS / 4);
}

/* more_room is called while the engine accepts. The list of files that it watches may be moved then: it looks again after each event (ae.c, "Refresh in
 * case of resize"). */
static long more_room(void) {
    long long next = 2 * limit_of_clients < most_of_clients ? 2 * limit_of_clients : most_of_clients;
    char text[24];
    snprintf(text, sizeof(text), "%lld", next + reserved);
    if (next > limit_of_clients && write_setting("maxclients", text)) limit_of_clients = next;
    return room_for_gate();
}

/* An engine that may not open as many files has lowered its limit already. */
int start_slots(RedisModuleCtx *ctx) {
    const RedisModuleEvent tick = {REDISMODULE_EVENT_CRON_LOOP, 1};
    long long most = read_setting("maxclients"), files;
    int gated = gate_is_in_front();
    reserved = RESERVED_CLIENTS + (gated ? GATE_FILES : 0);
    limit_of_clients = most_of_clients = most > reserved ? most - reserved : 0;
    if (gated && limit_of_clients && settings.clients > limit_of_clients) {
        files = files_for_clients();
        most_of_clients = settings.clients < files ? settings.clients : files;
        if (most_of_clients < limit_of_clients) most_of_clients = limit_of_clients;
        gate_has_room(room_for_gate(), more_room);
    }
    int has_tls = read_setting("tls-port") > 0;
    return !has_tls || RedisModule_SubscribeToServerEvent(ctx, tick, on_tick) == REDISMODULE_OK;
}
