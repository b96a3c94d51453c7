#include "address.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

int is_v4(const struct address *a) { return memcmp(a->ip, mapped, sizeof(mapped)) == 0; }

static void map(struct address *a) { memcpy(a->ip, mapped, sizeof(mapped)); }

int read_address(const char *text, struct address *a) {
    if (inet_pton(AF_INET6, text, a->ip) == 1) return 1;
    map(a);
    return inet_pton(AF_INET, text, a->ip + sizeof(mapped)) == 1;
}

int read_network(const char *text, struct network *n) {
    char address[ADDRESS_TEXT], *end;
    const char *slash = strchr(text, '/');
    if (!slash || slash == text || (size_t)(slash - text) >= sizeof(address)) return 0;
    memcpy(address, text, (size_t)(slash - text));
    address[slash - text] = 0;
    long bits = strtol(slash + 1, &end, 10);
    if (end == slash + 1 || *end || !read_address(address, &n->address)) return 0;
    int width = strchr(address, ':') ? 128 : 32;
    if (bits < 0 || bits > width) return 0;
    n->bits = (int)bits + 128 - width;
    return 1;
}

/* A v4 address is kept as a v6 one, but is in no network of v6 that is wide enough to have it so. */
int contains(const struct network *n, const struct address *a) {
    if ((n->bits >= 96 && is_v4(&n->address)) != is_v4(a)) return 0;
    size_t whole = (size_t)n->bits / 8;
    int rest = n->bits % 8;
    if (memcmp(n->address.ip, a->ip, whole) != 0) return 0;
    return !rest || (n->address.ip[whole] ^ a->ip[whole]) >> (8 - rest) == 0;
}

int same_address(const struct address *a, const struct address *b) {
    return memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

struct endpoint endpoint_of(const struct address *a, unsigned port) {
    struct endpoint e = {.len = 0};
    if (is_v4(a)) {
        struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
        memcpy(&v4.sin_addr, a->ip + sizeof(mapped), sizeof(v4.sin_addr));
        memcpy(&e.at, &v4, e.len = sizeof(v4));
    } else {
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
        memcpy(&v6.sin6_addr, a->ip, sizeof(v6.sin6_addr));
        memcpy(&e.at, &v6, e.len = sizeof(v6));
    }
    return e;
}

struct address address_of(const struct endpoint *e) {
    struct address a = {{0}};
    if (e->at.ss_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, &e->at, sizeof(v4));
        map(&a);
        memcpy(a.ip + sizeof(mapped), &v4.sin_addr, sizeof(v4.sin_addr));
    } else if (e->at.ss_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, &e->at, sizeof(v6));
        memcpy(a.ip, &v6.sin6_addr, sizeof(a.ip));
    }
    return a;
}

uint16_t port_of(const struct endpoint *e) {
    struct sockaddr_in6 v6;
    memcpy(&v6, &e->at, sizeof(v6)); /* one of v4 has its port at the same place */
    return e->at.ss_family == AF_INET6 && v6.sin6_scope_id ? 0 : ntohs(v6.sin6_port);
}

void address_text(const struct address *a, char text[ADDRESS_TEXT]) {
    int v4 = is_v4(a);
    if (!inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? a->ip + sizeof(mapped) : a->ip, text, ADDRESS_TEXT))
        *text = 0;
}
