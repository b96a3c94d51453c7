/* Clients' connections from their beginning to their end, and what is counted then. For the engine's main thread, after
 * open_usage. */
#ifndef AIKAGI_LIFECYCLE_H
#define AIKAGI_LIFECYCLE_H

#include "connections.h"
#include "redismodule_abi.h"
#include "usagefile.h"

/* connection_opened enters a connection into the table. */
void connection_opened(const RedisModuleClientInfo *info);

/* connection_made is told of connections that the engine has made just now: all but those over TLS. */
void connection_made(uint64_t id);

/* may_be_let_in says of a connection that was opened while a token was asked for whether it may have been made before that. */
int may_be_let_in(const struct connection *c);

/* connection_closed counts a connection for the credential that it had in the end, and for plaintext if it had no TLS, while the engine still knows it, and
 * takes it out of the table. It does nothing for one that is not there. */
void connection_closed(uint64_t id);

/* end_connection counts a connection and has the engine close it: at the end of the round of its loop, and the one whose command is
 * being carried out after the answer. The engine takes the user away at once, hence the order. */
void end_connection(uint64_t id);

/* is_of_client says whether it is a client's, rather than the service's or a replica's; both come from nodes' addresses, or have an
 * internal user. */
int is_of_client(const struct connection *c);

/* client_on is the entry of the client that has this connection. */
struct client *client_on(const struct connection *c, const char *credential, int64_t now);

#define USER_NAME 257

/* user_named copies the name of a connection's user, with a NUL. It returns 0 for one that does not fit, which is none
 * of ours. */
int user_named(uint64_t id, char user[USER_NAME]);

/* is_clients_user says whether a user is one that clients can be. */
int is_clients_user(const char *user);

/* credential_of is the place of what a connection of such a user, but default, counts for; -1: there is none. */
int credential_of(const struct connection *c, const char *user);

/* leave_none_open takes a connection off those of NONE. */
void leave_none_open(struct connection *c);

/* is_let_in says of a connection of nobody whether it can ask for things: it could from the
 * beginning, and then can for ever, or no token is asked for now. */
uint8_t is_let_in(const struct connection *c);

#endif
