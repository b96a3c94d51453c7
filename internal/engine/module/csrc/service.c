#include "service.h"

#include <arpa/inet.h>
#include <string.h>

#include "engine.h"
#include "lines.h"
#include "names.h"
#include "settings.h"

static long long over_the_socket;

void service_connection_changed(int opened) { over_the_socket += opened ? 1 : -1; }

long long service_connections(void) { return over_the_socket; }

static int is_in_network(uint32_t address) { return (address & settings.network_mask) == settings.network_address; }

int is_nodes_ip(const unsigned char ip[16]) {
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    uint32_t address;
    memcpy(&address, ip + 12, sizeof(address));
    return memcmp(ip, mapped, sizeof(mapped)) == 0 && is_in_network(ntohl(address));
}

int is_nodes_address(const char *address, size_t len) {
    char ip[INET_ADDRSTRLEN];
    struct in_addr in;
    size_t n = 0;
    while (n < len && address[n] != ':') n++;
    if (n >= sizeof(ip)) return 0;
    memcpy(ip, address, n);
    ip[n] = 0;
    return inet_pton(AF_INET, ip, &in) == 1 && is_in_network(ntohl(in.s_addr));
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

/* Flags: S is a replica, M a primary, U came over the unix socket. */
enum whose whose_line(const char *line, size_t len) {
    size_t flags_len, user_len;
    const char *flags = find_field(line, len, " flags=", &flags_len);
    const char *user = find_field(line, len, " user=", &user_len);
    int internal = user && is_internal(user, user_len);
    if (flags && memchr(flags, 'U', flags_len)) return THE_SERVICES;
    if (flags && memchr(flags, 'M', flags_len)) return A_LINK;
    if (internal) return flags && memchr(flags, 'S', flags_len) ? A_LINK : THE_SERVICES;
    return is_logging_in(line, len) ? THE_SERVICES : A_CLIENTS;
}

int is_called_by_service(RedisModuleCtx *ctx) {
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

int is_services(RedisModuleCtx *ctx, uint64_t id) {
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
