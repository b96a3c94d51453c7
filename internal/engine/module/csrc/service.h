/* Which connections are the service's own. Clients neither see nor end them. For the engine's main thread. */
#ifndef AIKAGI_SERVICE_H
#define AIKAGI_SERVICE_H

#include "redismodule_abi.h"

enum whose {
    A_CLIENTS,
    A_LINK,      /* between a primary and a replica: shown without a name, and not to be ended */
    THE_SERVICES /* not shown either */
};

/* is_nodes_address takes IP or IP:PORT. */
int is_nodes_address(const char *address, size_t len);

/* is_nodes_ip takes what the table of connections has of one: v4 addresses are mapped. */
int is_nodes_ip(const unsigned char ip[16]);

/* whose_line judges a line of CLIENT LIST, or the same words in ACL LOG. Pure. */
enum whose whose_line(const char *line, size_t len);

/* is_called_by_service is true for none that a script makes: it has no connection. */
int is_called_by_service(RedisModuleCtx *ctx);

/* is_services judges a connection by its id: 1 means that for clients there is no such connection. It is 0 for one that
 * there is not. */
int is_services(RedisModuleCtx *ctx, uint64_t id);

/* service_connection_changed counts a connection over the unix socket that was opened, or else ended. */
void service_connection_changed(int opened);

/* service_connections returns how many of those are open. */
long long service_connections(void);

#endif
