/* Which connections are the service's own. Clients neither see nor end them. */
#ifndef AIKAGI_SERVICE_H
#define AIKAGI_SERVICE_H

#include <arpa/inet.h>
#include <stdlib.h>

#include "standin.h"

/* The addresses that the service's own connections over the network come from: those of the
 * nodes. Host order; a mask of 0 and an address of 1 match none. */
static uint32_t network_address = 1, network_mask;

enum whose {
    A_CLIENTS,
    A_LINK,      /* between a primary and a replica: shown without a name, and not to be ended */
    THE_SERVICES /* not shown either */
};

/* read_network reads ADDRESS/BITS. */
static void read_network(const char *text) {
    char address[64];
    unsigned bits;
    struct in_addr in;
    if (sscanf(text, "%63[^/]/%u", address, &bits) != 2 || bits < 1 || bits > 32 ||
        inet_pton(AF_INET, address, &in) != 1)
        return;
    network_mask = ~(uint32_t)0 << (32 - bits);
    network_address = ntohl(in.s_addr) & network_mask;
}

static int is_nodes_address(const char *address, size_t len) {
    char ip[INET_ADDRSTRLEN];
    struct in_addr in;
    size_t n = 0;
    while (n < len && address[n] != ':') n++;
    if (n >= sizeof(ip)) return 0;
    memcpy(ip, address, n);
    ip[n] = 0;
    return inet_pton(AF_INET, ip, &in) == 1 &&
           (ntohl(in.s_addr) & network_mask) == network_address;
}

/* find_field returns the value of a field of a line of CLIENT LIST, or NULL. key is " key=". No value
 * has a space in it. */
static const char *find_field(const char *line, size_t len, const char *key, size_t *value_len) {
    const char *at = memmem(line, len, key, strlen(key));
    *value_len = 0;
    if (!at) return NULL;
    at += strlen(key);
    size_t rest = (size_t)(line + len - at), n = 0;
    while (n < rest && at[n] != ' ' && at[n] != '\r' && at[n] != '\n') n++;
    *value_len = n;
    return at;
}

static int field_is(const char *line, size_t len, const char *key, const char *want,
                    size_t want_len) {
    size_t n;
    const char *value = find_field(line, len, key, &n);
    return value && n == want_len && memcmp(value, want, n) == 0;
}

static long long field_number(const char *line, size_t len, const char *key) {
    size_t n;
    const char *value = find_field(line, len, key, &n);
    return value ? strtoll(value, NULL, 10) : -1;
}

/* is_logging_in says of a connection from a node's address, which has no name yet, whether it has
 * done nothing but what replicas and the service's proofs begin with. Without it whoever ends
 * all others in a loop would end these before they can say who they are. */
static int is_logging_in(const char *line, size_t len) {
    static const char *const beginnings[] = {"NULL", "ping", "auth", "replconf"};
    size_t n;
    const char *address = find_field(line, len, " addr=", &n);
    if (!address || !is_nodes_address(address, n)) return 0;
    if (!field_is(line, len, " user=", "default", strlen("default"))) return 0;
    for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
        if (field_is(line, len, " cmd=", beginnings[i], strlen(beginnings[i]))) return 1;
    return 0;
}

/* whose_line judges a line of CLIENT LIST. Flags: S is a replica, M a primary, U came over the unix socket. */
static enum whose whose_line(const char *line, size_t len) {
    size_t flags_len, user_len;
    const char *flags = find_field(line, len, " flags=", &flags_len);
    const char *user = find_field(line, len, " user=", &user_len);
    int internal = user && is_internal(user, user_len);
    if (flags && memchr(flags, 'U', flags_len)) return THE_SERVICES;
    if (flags && memchr(flags, 'M', flags_len)) return A_LINK;
    if (internal) return flags && memchr(flags, 'S', flags_len) ? A_LINK : THE_SERVICES;
    return is_logging_in(line, len) ? THE_SERVICES : A_CLIENTS;
}

/* is_called_by_service is true for none that a script makes: it has no connection. */
static int is_called_by_service(RedisModuleCtx *ctx) {
    size_t len;
    unsigned long long id = RedisModule_GetClientId(ctx);
    RedisModuleClientInfo info = {.version = 1};
    if (RedisModule_GetClientInfoById(&info, id) != REDISMODULE_OK) return 0;
    RedisModuleString *user = RedisModule_GetClientUserNameById(ctx, id);
    if (!user) return 0;
    const char *name = RedisModule_StringPtrLen(user, &len);
    int internal = is_internal(name, len);
    RedisModule_FreeString(ctx, user);
    return internal;
}

/* is_services judges a connection by its id: does not exist for clients. */
static int is_services(RedisModuleCtx *ctx, uint64_t id) {
    size_t len = 0;
    int services = 0;
    RedisModuleClientInfo info = {.version = 1};
    if (!id || RedisModule_GetClientInfoById(&info, id) != REDISMODULE_OK) return 0;
    if (info.flags & REDISMODULE_CLIENTINFO_FLAG_UNIXSOCKET) return 1;
    RedisModuleCallReply *reply =
        RedisModule_Call(ctx, "CLIENT", "ccl", "LIST", "ID", (long long)id);
    const char *line = reply_text(reply, &len);
    services = line && whose_line(line, len) != A_CLIENTS;
    if (reply) RedisModule_FreeCallReply(reply);
    return services;
}

#endif
