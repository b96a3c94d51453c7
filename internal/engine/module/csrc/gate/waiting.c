#include "waiting.h"

#include <stddef.h>

static struct waiting places[WAITING];
static int count;

static struct waiting *oldest(void) {
    struct waiting *found = NULL;
    for (struct waiting *w = NULL; (w = next_waiting(w));)
        if (!found || w->since < found->since) found = w;
    return found;
}

struct waiting *wait_for(const struct arrival *a, int door, int64_t now, void (*drop)(struct waiting *)) {
    if (count == WAITING) drop(oldest());
    struct waiting *w = places;
    while (w->since) w++;
    w->arrival = *a;
    w->door = door;
    w->since = now;
    w->turn++;
    count++;
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
}

struct waiting *next_waiting(const struct waiting *w) {
    for (size_t i = w ? (size_t)(w - places) + 1 : 0; i < WAITING && count; i++)
        if (places[i].since) return &places[i];
    return NULL;
}

int waiting_count(void) { return count; }
