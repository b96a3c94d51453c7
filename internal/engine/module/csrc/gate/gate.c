#include "gate.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "arrival.h"
#include "ends.h"
#include "guests.h"
#include "handed.h"
#include "loop.h"
#include "refused.h"
#include "system.h"
#include "watch.h"

static const struct door_order *ordered(const struct order *o, const struct door *d) {
    for (int i = 0; i < o->doors_count; i++)
        if (o->doors[i].port == d->order.port && same_address(&o->doors[i].address, &d->order.address)) return &o->doors[i];
    return NULL;
}

/* open_new opens what is not open yet; nothing, if one address cannot be had. */
static int open_new(const struct order *o, char *why, size_t size) {
    struct door *opened[DOORS];
    int n = 0, done = 1;
    for (int i = 0; i < o->doors_count && done; i++) {
        const struct door_order *want = &o->doors[i];
        const struct door *there = find_door(&want->address, want->port);
        if (!there && (opened[n] = open_door(want, why, size))) n++;
        else if (!there) done = 0;
        else if (there->order.shared != want->shared) {
            snprintf(why, size, "listener %d of the order is open already, and cannot begin or stop to be shared", i + 1);
            done = 0;
        }
    }
    for (int i = 0; i < n && done; i++)
        if (!watch_door(opened[i])) {
            snprintf(why, size, "cannot watch the listeners: %s", strerror(errno));
            done = 0;
        }
    while (!done && n > 0) close_door(opened[--n]);
    for (int i = 0; i < n; i++) begin_door(opened[i]);
    return done;
}

static void follow(const struct order *o) {
    order_in_force.away = o->away;
    for (struct door *d = NULL; (d = next_door(d));) {
        const struct door_order *want = ordered(o, d);
        if (want) {
            d->order = *want;
            watch_door(d); /* if the system has no memory for that, it stays where it is, and is only woken more often */
            continue;
        }
        leave_door(d);
        if (o->away) end_guests(d);
    }
    int begins = o->watch && !order_in_force.watch;
    order_in_force = *o;
    if (begins) note_present(monotonic_ms());
    if (!o->watch) forget_guests();
    end_barred(monotonic_ms());
}

int gate_obey(const char *text, size_t len, char *why, size_t size) {
    static struct order next; /* it is large, and there is only the engine's main thread */
    if (!read_order(text, len, &next, why, size)) return 0;
    if (!open_watch()) return snprintf(why, size, "the gate cannot start: %s", strerror(errno)), 0;
    if (!open_new(&next, why, size)) return 0;
    follow(&next);
    catch_up();
    return 1;
}

static void report_refused(FILE *out, const uint64_t refused[WHYS]) {
    for (int why = 0; why < WHYS; why++) fprintf(out, " refused-%s=%" PRIu64, why_words[why], refused[why]);
    fputc('\n', out);
}

static void report_door(FILE *out, const struct door *d) {
    char text[ADDRESS_TEXT];
    address_text(&d->order.address, text);
    fprintf(out, "listener %s port=%u mode=%s rules=%s shared=%d suspended=%d plaintext=%" PRIu64 " tls=%" PRIu64, text, d->order.port,
            mode_word(d->order.mode), rules_word(&order_in_force.rules, d->order.rules), d->order.shared, d->suspended, d->accepted[PLAINTEXT],
            d->accepted[TLS]);
    report_refused(out, d->refused);
}

void gate_report(FILE *out) {
    struct queue_state plaintext = queue_state(PLAINTEXT), tls = queue_state(TLS);
    uint64_t refused[WHYS];
    for (int why = 0; why < WHYS; why++) refused[why] = refusals((enum why)why);
    fprintf(out, "gate 1 waiting=%d suspended=%d watch=%d source-limit=%ld rate-limit=%ld plaintext=%ld tls=%ld clients=%ld", waiting_count(), is_suspended(), order_in_force.watch, order_in_force.source, order_in_force.rate,
            handed_count(PLAINTEXT), handed_count(TLS), clients_count());
    fprintf(out, " queued-plaintext=%zu queued-plaintext-most=%zu queued-tls=%zu queued-tls-most=%zu", plaintext.now,
            plaintext.most, tls.now, tls.most);
    report_refused(out, refused);
    report_ends(out);
    for (int i = 0; i < order_in_force.doors_count; i++) {
        const struct door *d = find_door(&order_in_force.doors[i].address, order_in_force.doors[i].port);
        if (d) report_door(out, d);
    }
    report_refusals(out, monotonic_ms());
    report_guests(out, monotonic_ms());
}

static int takes(const struct door *d, enum kind kind) {
    return d->order.mode != (kind == TLS ? MODE_NONE : MODE_REQUIRED);
}

void gate_listeners(FILE *out) {
    static const char *const names[KINDS] = {[PLAINTEXT] = "tcp", [TLS] = "tls"};
    int listeners = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        unsigned port = 0;
        for (int i = 0; i < order_in_force.doors_count; i++) {
            const struct door *d = find_door(&order_in_force.doors[i].address, order_in_force.doors[i].port);
            char text[ADDRESS_TEXT];
            if (!d || !takes(d, (enum kind)kind) || (port && port != d->order.port)) continue;
            if (!port) fprintf(out, "listener%d:name=%s", listeners++, names[kind]);
            port = d->order.port;
            address_text(&d->order.address, text);
            fprintf(out, ",bind=%s", text);
        }
        if (port) fprintf(out, ",port=%u\r\n", port);
    }
}
