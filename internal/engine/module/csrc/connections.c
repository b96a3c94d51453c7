#include "connections.h"

#include <string.h>

#include "redismodule_abi.h"

/* A hash table with linear probing. Ids count up, so that they fill it evenly as they are. */
static struct connection *connections;
static size_t connections_size, connections_count; /* size is a power of two, or 0 */

/* place_of_connection returns where the connection is, or where it would be. */
static size_t place_of_connection(uint64_t id) {
    size_t mask = connections_size - 1, i = (size_t)id & mask;
    while (connections[i].id && connections[i].id != id) i = (i + 1) & mask;
    return i;
}

struct connection *find_connection(uint64_t id) {
    if (!connections_size || !id) return NULL;
    struct connection *c = &connections[place_of_connection(id)];
    return c->id ? c : NULL;
}

static void resize_connections(size_t size) {
    struct connection *old = connections;
    size_t old_size = connections_size;
    connections = RedisModule_Alloc(size * sizeof(*connections));
    memset(connections, 0, size * sizeof(*connections));
    connections_size = size;
    for (size_t i = 0; i < old_size; i++)
        if (old[i].id) connections[place_of_connection(old[i].id)] = old[i];
    RedisModule_Free(old);
}

struct connection *add_connection(uint64_t id) {
    if (connections_count * 2 >= connections_size)
        resize_connections(connections_size ? connections_size * 2 : 64);
    struct connection *c = &connections[place_of_connection(id)];
    if (!c->id) connections_count++;
    memset(c, 0, sizeof(*c));
    c->id = id;
    return c;
}

/* The gap is closed, so that probing never meets one. */
void remove_connection(struct connection *c) {
    size_t mask = connections_size - 1, gap = (size_t)(c - connections);
    for (size_t i = (gap + 1) & mask; connections[i].id; i = (i + 1) & mask) {
        size_t home = (size_t)connections[i].id & mask;
        if (((i - home) & mask) >= ((i - gap) & mask)) {
            connections[gap] = connections[i];
            gap = i;
        }
    }
    connections[gap].id = 0;
    connections_count--;
    if (connections_size > 64 && connections_count * 8 < connections_size)
        resize_connections(connections_size / 2);
}

struct connection *next_connection(const struct connection *c) {
    for (size_t i = c ? (size_t)(c - connections) + 1 : 0; i < connections_size; i++)
        if (connections[i].id) return &connections[i];
    return NULL;
}

size_t count_connections(void) { return connections_count; }
