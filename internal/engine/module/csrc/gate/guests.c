#include "guests.h"

#include <inttypes.h>
#include <string.h>

static struct guest {
    struct address from, at;
    uint16_t port;   /* of at */
    uint64_t opened; /* connections */
    long open;       /* of them, as report_guests counts them */
    int64_t last;    /* when one was opened, or seen to be open; 0: the place is free */
} guests[GUESTS];

static int is_guest(const struct guest *g, const struct handed *h) {
    return g->last && g->port == h->port && same_address(&g->from, &h->from) && same_address(&g->at, &h->at);
}

static struct guest *known_guest(const struct handed *h) {
    for (struct guest *g = guests; g < guests + GUESTS; g++)
        if (is_guest(g, h)) return g;
    return NULL;
}

static struct guest *new_guest(const struct handed *h) {
    struct guest *oldest = guests;
    for (struct guest *g = guests; g < guests + GUESTS; g++)
        if (g->last < oldest->last) oldest = g;
    *oldest = (struct guest){.from = h->from, .at = h->at, .port = h->port};
    return oldest;
}

void note_guest(const struct handed *h, int64_t now) {
    if (h->service) return;
    struct guest *g = known_guest(h);
    if (!g) g = new_guest(h);
    g->opened++;
    g->last = now;
}

static int note_one(const struct handed *h, void *now) {
    note_guest(h, *(int64_t *)now);
    return 0;
}

void note_present(int64_t now) { count_handed(note_one, &now); }

void forget_guests(void) { memset(guests, 0, sizeof(guests)); }

static int count_one(const struct handed *h, void *now) {
    struct guest *g = h->service ? NULL : known_guest(h);
    if (g) g->open++, g->last = *(int64_t *)now;
    return 0;
}

void report_guests(FILE *out, int64_t now) {
    if (!guests[0].last) return; /* places are taken in order, and given up together */
    for (struct guest *g = guests; g < guests + GUESTS; g++) g->open = 0;
    count_handed(count_one, &now);
    for (const struct guest *g = guests; g < guests + GUESTS && g->last; g++) {
        char from[ADDRESS_TEXT], at[ADDRESS_TEXT];
        address_text(&g->from, from);
        address_text(&g->at, at);
        fprintf(out, "guest %s at=%s port=%u open=%ld opened=%" PRIu64 " age=%" PRId64 "\n", from, at, g->port, g->open, g->opened, now - g->last);
    }
}
