#include "ends.h"

#include <inttypes.h>
#include <stddef.h>

#include "arrival.h"
#include "handed.h"

#define STEP_MS 10

static int64_t ending_until; /* 0: nothing is to be ended */
static int64_t next_step;
static long still_to_end; /* some of which may have ended by themselves: to count them again is to look at all that there are */
static uint64_t by_rules, by_mode, by_leaving;
/* Of the last order: some may have been ended before anybody asks. */
static long barred_clients, shut_out, leaving;

/* terms_of returns what holds for a connection now. Who came through a listener that was left since stays, but not on better terms
 * than those who come to the others. */
static const struct door_order *terms_of(const struct handed *h) {
    const struct door *d = find_door(&h->at, h->port);
    if (d) return &d->order;
    return order_in_force.doors_count ? &order_in_force.doors[0] : NULL;
}

/* is_leaving says whether a client came by an address that is left: it is given the order's time, also where nobody else may come. */
static int is_leaving(const struct handed *h, void *data) {
    (void)data;
    for (int i = 0; i < order_in_force.left_count && !h->service; i++)
        if (order_in_force.left[i].port == h->port && same_address(&order_in_force.left[i].address, &h->at)) return 1;
    return 0;
}

static int is_barred_by_rules(const struct handed *h, void *data) {
    const struct door_order *terms = terms_of(h);
    return terms && !is_leaving(h, data) && !allows(&order_in_force.rules, terms->rules, &h->from);
}

static int is_barred_by_mode(const struct handed *h, void *data) {
    const struct door_order *terms = terms_of(h);
    return terms && !is_leaving(h, data) && terms->mode == (h->kind == PLAINTEXT ? MODE_REQUIRED : MODE_NONE);
}

static int is_guest_of_door(const struct handed *h, void *data) {
    const struct door *d = data;
    return !h->service && h->port == d->order.port && same_address(&h->at, &d->order.address);
}

void end_guests(const struct door *d) { end_handed(is_guest_of_door, (void *)d, FILES); }

static int is_barred_client(const struct handed *h, void *data) { return !h->service && is_barred_by_mode(h, data); }

static int has_to_end(const struct handed *h, void *data) { return is_leaving(h, data) || is_barred_by_mode(h, data); }

void end_barred(int64_t now) {
    shut_out = end_handed(is_barred_by_rules, NULL, FILES);
    by_rules += (uint64_t)shut_out;
    barred_clients = count_handed(is_barred_client, NULL);
    leaving = count_handed(is_leaving, NULL);
    still_to_end = count_handed(has_to_end, NULL);
    ending_until = still_to_end ? now + order_in_force.end_ms : 0;
}

void go_on_ending(int64_t now) {
    if (!ending_until || now < next_step) return; /* who is ended comes back, so this is asked often */
    next_step = now + STEP_MS;
    int64_t time = ending_until - now;
    long due = time > STEP_MS ? (long)(still_to_end * STEP_MS / time) + 1 : FILES;
    long left = end_handed(is_leaving, NULL, due), barred = end_handed(is_barred_by_mode, NULL, due - left);
    by_leaving += (uint64_t)left;
    by_mode += (uint64_t)barred;
    still_to_end -= left + barred;
    if (due == FILES || still_to_end <= 0) ending_until = 0;
}

int64_t ends_due(void) { return ending_until ? next_step : INT64_MAX; }

void report_ends(FILE *out) {
    fprintf(out, "ended rules=%" PRIu64 " mode=%" PRIu64 " left=%ld barred-clients=%ld shut-out=%ld leaving=%" PRIu64 " leaving-clients=%ld\n", by_rules, by_mode,
            ending_until ? count_handed(has_to_end, NULL) : 0, barred_clients, shut_out, by_leaving, leaving);
}
