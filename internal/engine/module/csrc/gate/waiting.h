/* Sockets that have said nothing yet. */
#ifndef AIKAGI_GATE_WAITING_H
#define AIKAGI_GATE_WAITING_H

#include <stdint.h>

#include "queue.h"

#define WAITING 512

/* What a socket has said. */
enum word { NOTHING_YET, NOTHING_MORE, A_TLS_RECORD, ANOTHER_WORD };

struct waiting {
    struct arrival arrival;
    int door;      /* index of the listener that it came to */
    int64_t since; /* monotonic_ms; 0: the place is free */
    enum kind watch; /* which file of watch.h it is in */
    enum word said; /* something: it waits for room in the engine's queue */
    uint32_t turn; /* tells who has the place now from who had it */
};

/* wait_for enters a socket that the table owns until it is left. When there is no place, the oldest one of the
 * source that has the most has to go, through drop: nobody can take the places of all others. */
struct waiting *wait_for(const struct arrival *a, int door, int64_t now, void (*drop)(struct waiting *));

/* waiting_at returns who has a place, if it is still the turn of who is meant; or NULL. */
struct waiting *waiting_at(uint32_t place, uint32_t turn);
uint32_t place_of_waiting(const struct waiting *w);

/* stop_waiting frees a place; what becomes of the socket is for the caller. */
void stop_waiting(struct waiting *w);

/* next_waiting returns the one after w, the first for NULL, and NULL after the last. */
struct waiting *next_waiting(const struct waiting *w);

int waiting_count(void);

#endif
