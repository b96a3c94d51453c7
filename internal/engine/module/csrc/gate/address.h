/* Addresses as 16 bytes, v4 ones mapped, and networks of them. */
#ifndef AIKAGI_GATE_ADDRESS_H
#define AIKAGI_GATE_ADDRESS_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define ADDRESS_TEXT (INET6_ADDRSTRLEN + 8) /* with brackets and a port */

struct address {
    unsigned char ip[16];
};

struct network {
    struct address address;
    int bits; /* of 128 */
};

/* endpoint is where one can listen, or whom a connection comes from. */
struct endpoint {
    struct sockaddr_storage at;
    socklen_t len;
};

int read_address(const char *text, struct address *a);

/* read_network reads ADDRESS/BITS. The bits behind those do not count. */
int read_network(const char *text, struct network *n);

int contains(const struct network *n, const struct address *a);
int is_v4(const struct address *a);
int same_address(const struct address *a, const struct address *b);

/* endpoint_of makes an address for the system's calls: v4 where it is one. */
struct endpoint endpoint_of(const struct address *a, unsigned port);

struct address address_of(const struct endpoint *e);

/* port_of returns the port, if it and the address are all of an endpoint; 0 otherwise, as with an address that holds on one link only. */
uint16_t port_of(const struct endpoint *e);

/* address_text writes an address as people do; v4 is not shown as mapped. */
void address_text(const struct address *a, char text[ADDRESS_TEXT]);

#endif
