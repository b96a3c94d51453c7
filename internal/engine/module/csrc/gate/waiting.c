#include "waiting.h"

#include <stddef.h>

#define CROWDS 256 /* sources are told apart by a hash; two that share one only share their places */

static struct waiting places[WAITING];
static int count;
static int crowds[CROWDS]; /* how many wait, by source */

/* crowd_of is the same for all sockets of one source: a v4 address, or a v6 network as one host is given. */
static unsigned crowd_of(const struct waiting *w) {
    const struct address from = address_of(&w->arrival.from);
    size_t bytes = is_v4(&from) ? sizeof(from.ip) : 8;
    unsigned hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < bytes; i++) hash = (hash ^ from.ip[i]) * 16777619u;
    return (hash ^ hash >> 16) % CROWDS;
}

static struct waiting *oldest_of(unsigned crowd) {
    struct waiting *found = NULL;
    for (struct waiting *w = NULL; (w = next_waiting(w));)
        if (crowd_of(w) == crowd && (!found || w->since < found->since)) found = w;
    return found;
}

static unsigned largest_crowd(void) {
    unsigned largest = 0;
    for (unsigned c = 1; c < CROWDS; c++)
        if (crowds[c] > crowds[largest]) largest = c;
    return largest;
}

struct waiting *wait_for(const struct arrival *a, int door, int64_t now, void (*drop)(struct waiting *)) {
    if (count == WAITING) drop(oldest_of(largest_crowd()));
    struct waiting *w = places;
    while (w->since) w++;
    w->arrival = *a;
    w->door = door;
    w->since = now;
    w->said = NOTHING_YET;
    w->turn++;
    count++;
    crowds[crowd_of(w)]++;
    return w;
}

struct waiting *waiting_at(uint32_t place, uint32_t turn) {
    if (place >= WAITING || !places[place].since || places[place].turn != turn) return NULL;
    return &places[place];
}

uint32_t place_of_waiting(const struct waiting *w) { return (uint32_t)(w - places); }

void stop_waiting(struct waiting *w) {
    w->since = 0;
    count--;
    crowds[crowd_of(w)]--;
}

struct waiting *next_waiting(const struct waiting *w) {
    for (size_t i = w ? (size_t)(w - places) + 1 : 0; i < WAITING && count; i++)
        if (places[i].since) return &places[i];
    return NULL;
}

int waiting_count(void) { return count; }
