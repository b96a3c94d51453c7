/* The sockets that the engine has from the gate, from when it gets them until it closes them. It is how the gate knows
 * how many connections there are, also of those whose handshake is not over, and how it ends some.
 *
 * For any thread: there is a lock within. */
#ifndef AIKAGI_GATE_HANDED_H
#define AIKAGI_GATE_HANDED_H

#include <stdint.h>

#include "address.h"
#include "queue.h"

#define FILES 131072 /* numbers of files that are followed; engines stay below */

struct handed {
    struct address from, at;
    uint16_t port; /* of at */
    uint16_t from_port; /* 0: the address is not all of it */
    uint8_t kind, service; /* service: the connection is the service's own */
    int source;            /* its place in sources.h, which is left with it */
};

/* hand_out enters a socket, before the engine gets it. */
void hand_out(int fd, const struct handed *h);

/* hand_in is called with each file that the engine closes, before it is closed, because its number may be a new file's
 * at once. */
void hand_in(int fd);

/* handed_peer returns where a socket that the engine has comes from, as the system would: engines ask each time that they tell of a client. It
 * returns 0 when it is none of ours. */
int handed_peer(int fd, struct endpoint *from);

/* handed_count returns how many sockets of a kind the engine has; clients_count how many are not the service's. */
long handed_count(enum kind kind);
long clients_count(void);

/* end_handed shuts at most some of the sockets down that choose says yes to: the engine sees them end, and closes
 * them. It returns how many there were. choose is called with the lock held. */
long end_handed(int (*choose)(const struct handed *, void *), void *data, long most);

/* count_handed returns how many choose says yes to, that were not shut down. */
long count_handed(int (*choose)(const struct handed *, void *), void *data);

void handed_fork(int begins);

#endif
