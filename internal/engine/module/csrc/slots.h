/* Places for connections that clients cannot take.
 *
 * The engine's own limit, maxclients, is RESERVED_CLIENTS higher than what clients are let have. A client beyond its
 * limit is answered as the engine would and closed; half of the rest is for connections from nodes' addresses, which are replicas' and
 * the service's proofs, and what is left for the unix socket.
 *
 * Of a connection over TLS the engine tells the module when its handshake is over. Those that have not come so far
 * count, too: when all are more than the limit, the oldest of them are closed, at a tick. Engines tick faster with many clients. */
#ifndef AIKAGI_SLOTS_H
#define AIKAGI_SLOTS_H

#include <fcntl.h>
#include <unistd.h>

#include "connections.h"

#define RESERVED_CLIENTS 512 /* as ReservedClients in settings.go */
#define LOOK_AT_SLOTS_MS 100

static long long clients_limit; /* 0: none of ours */
static int over_tls;

/* read_setting asks the engine for a setting that is a number. */
static long long read_setting(RedisModuleCtx *ctx, const char *name) {
    RedisModuleCallReply *reply = RedisModule_Call(ctx, config_name, "cc", "GET", name);
    long long value = 0;
    if (is_type(reply, REDISMODULE_REPLY_ARRAY) && RedisModule_CallReplyLength(reply) == 2) {
        size_t len;
        char digits[24] = "";
        const char *s =
            RedisModule_CallReplyStringPtr(RedisModule_CallReplyArrayElement(reply, 1), &len);
        if (s && len < sizeof(digits)) memcpy(digits, s, len);
        value = strtoll(digits, NULL, 10);
    }
    if (reply) RedisModule_FreeCallReply(reply);
    return value;
}

/* read_slots is for the start. An engine that may not open as many files has lowered its limit already. */
static void read_slots(RedisModuleCtx *ctx) {
    long long most = read_setting(ctx, "maxclients");
    clients_limit = most > RESERVED_CLIENTS ? most - RESERVED_CLIENTS : 0;
    over_tls = read_setting(ctx, "tls-port") > 0;
}

/* turn_away says why, where that can be said without TLS, and closes. */
static void turn_away(uint64_t id) {
    static const char why[] = "-ERR max number of clients reached\r\n";
    size_t len = 0;
    RedisModuleCallReply *reply =
        over_tls ? NULL : RedisModule_Call(own_ctx, "CLIENT", "ccl", "LIST", "ID", (long long)id);
    const char *line = reply ? reply_text(reply, &len) : NULL;
    long long fd = line ? field_number(line, len, " fd=") : -1;
    /* As for the engine, it does not matter whether that arrives. */
    if (fd > 2 && write((int)fd, why, sizeof(why) - 1) < 0) fd = -1;
    if (reply) RedisModule_FreeCallReply(reply);
    RedisModule_DeauthenticateAndCloseClient(own_ctx, id);
}

/* has_slot says whether a new connection over the network may stay. */
static int has_slot(const RedisModuleClientInfo *info) {
    long long limit = clients_limit;
    if (!limit) return 1;
    if (is_nodes_address(info->addr, strlen(info->addr))) limit += RESERVED_CLIENTS / 2;
    return (long long)connections_count < limit;
}

/* are_few_files_open knows by the number of the next file that there are not more clients than may be. */
static int are_few_files_open(void) {
    int next = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    if (next < 0) return 0;
    close(next);
    return next <= clients_limit;
}

/* close_unfinished closes the oldest connections without a finished handshake, as many as there are too many. */
static void close_unfinished(const char *list, size_t len) {
    long long surplus = -clients_limit;
    for (size_t i = 0; i < len; i++) surplus += list[i] == '\n';
    for (const char *s = list, *end = list + len; s < end && surplus > 0;) {
        const char *newline = memchr(s, '\n', (size_t)(end - s));
        size_t line = newline ? (size_t)(newline - s) + 1 : (size_t)(end - s);
        uint64_t id = strncmp(s, "id=", 3) == 0 ? strtoull(s + 3, NULL, 10) : 0;
        if (id && !find_connection(id) && field_is(s, line, " cmd=", "NULL", 4) &&
            whose_line(s, line) == A_CLIENTS) {
            RedisModule_DeauthenticateAndCloseClient(own_ctx, id);
            surplus--;
        }
        s += line;
    }
}

static void on_tick(RedisModuleCtx *ctx, RedisModuleEvent event, uint64_t subevent, void *data) {
    static int64_t looked;
    int64_t now = now_ms();
    (void)ctx;
    (void)event;
    (void)subevent;
    (void)data;
    if (!clients_limit || now - looked < LOOK_AT_SLOTS_MS || are_few_files_open()) return;
    looked = now;
    RedisModuleCallReply *reply = RedisModule_Call(own_ctx, "CLIENT", "c", "LIST");
    size_t len;
    const char *list = reply_text(reply, &len);
    if (list) close_unfinished(list, len);
    if (reply) RedisModule_FreeCallReply(reply);
}

#endif
