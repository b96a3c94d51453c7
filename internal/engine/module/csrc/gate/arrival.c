#include "arrival.h"

#include <errno.h>
#include <string.h>

#include "gate.h"
#include "guests.h"
#include "handed.h"
#include "inherit.h"
#include "queue.h"
#include "refused.h"
#include "sources.h"
#include "system.h"
#include "watch.h"

#define RETRY_MS 100 /* after accepting failed for a lack of files or memory */

/* What whoever speaks TLS begins with: the type of a record that has a handshake (RFC 8446, 5.1). No command of the engines'
 * protocol begins with it. */
#define TLS_HANDSHAKE 22

struct order order_in_force;

static int suspended;           /* some listeners are, or who has spoken waits for room */
static int64_t suspended_until; /* all are; 0: those are whose queue has no room */

int is_suspended(void) { return suspended; }

/* dismiss ends a socket that the engine never had. A child of the engine may have a copy of it. */
static void dismiss(int fd) {
    shutdown(fd, SHUT_RDWR);
    system_close(fd);
}

/* tell says why, where that is understood. What the client has sent is taken from it first: the system would throw the
 * answer away with it. */
static void tell(int fd, const char *text) {
    char sent[4096];
    if (recv(fd, sent, sizeof(sent), MSG_DONTWAIT) < 0 && errno != EAGAIN) return;
    if (send(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL) < 0) return; /* nor does the engine care */
}

static int is_service(const struct address *from) {
    return order_in_force.has_service && contains(&order_in_force.service, from);
}

static void refuse(struct door *d, const struct arrival *a, enum why why, int in_plaintext) {
    static const char *const texts[WHYS] = {
        [BY_MODE] = "-ERR this cache takes connections over TLS only\r\n",
        [BY_CLIENTS] = "-ERR max number of clients reached\r\n",
        [BY_SOURCE] = "-ERR max number of clients from this address reached\r\n",
    };
    struct address from = address_of(&a->from);
    if (!is_service(&from)) { /* it tries what others are refused */
        note_refusal(&from, why, monotonic_ms());
        d->refused[why]++;
    }
    if (in_plaintext && texts[why]) tell(a->fd, texts[why]);
    dismiss(a->fd);
}

static long room; /* of the engine's; 0: enough */
static long (*ask_for_room)(void);

void gate_has_room(long clients, long (*more)(void)) {
    room = clients;
    ask_for_room = more;
}

static int is_full_of_clients(void) {
    long clients = clients_count();
    if (order_in_force.clients && clients >= order_in_force.clients) return 1;
    if (!room || clients < room) return 0;
    room = ask_for_room();
    return clients >= room;
}

/* objection returns what there is against letting somebody in whose kind is known; WHYS: nothing. */
static enum why objection(const struct door *d, const struct handed *h) {
    if (!allows(&order_in_force.rules, d->order.rules, &h->from)) return BY_RULES; /* others than when it came */
    if (d->order.mode == (h->kind == PLAINTEXT ? MODE_REQUIRED : MODE_NONE)) return BY_MODE;
    if (!h->service && is_full_of_clients()) return BY_CLIENTS;
    return WHYS;
}

static void admit(struct door *d, const struct arrival *a, enum kind kind) {
    struct handed h = {.from = address_of(&a->from), .from_port = port_of(&a->from), .at = d->order.address, .port = (uint16_t)d->order.port, .kind = (uint8_t)kind};
    h.service = (uint8_t)is_service(&h.from);
    enum why why = objection(d, &h);
    h.source = h.service || why != WHYS ? NO_SOURCE : source_enter(&h.from, order_in_force.source);
    if (why == WHYS && !h.service && h.source == NO_SOURCE) why = BY_SOURCE;
    if (why == WHYS) {
        hand_out(a->fd, &h);
        if (queue_put(kind, a)) {
            d->accepted[kind]++;
            if (order_in_force.watch) note_guest(&h, monotonic_ms());
            return;
        }
        hand_in(a->fd);
        why = BY_QUEUE;
    }
    refuse(d, a, why, kind == PLAINTEXT);
}

static enum word look(int fd) {
    unsigned char first;
    ssize_t n = recv(fd, &first, 1, MSG_PEEK | MSG_DONTWAIT);
    if (n == 1) return first == TLS_HANDSHAKE ? A_TLS_RECORD : ANOTHER_WORD;
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? NOTHING_YET : NOTHING_MORE;
}

static void give_up_waiting(struct waiting *w) {
    struct arrival a = w->arrival;
    stop_watching(w);
    stop_waiting(w);
    refuse(door_at(w->door), &a, BY_SILENCE, 0);
}

static void wait_to_speak(struct door *d, const struct arrival *a) {
    struct waiting *w = wait_for(a, index_of_door(d), monotonic_ms(), give_up_waiting);
    if (watch_waiting(w)) {
        wake_at(w->since + order_in_force.silent_ms);
        return;
    }
    stop_waiting(w); /* the system has no memory to watch it */
    dismiss(a->fd);
}

/* hear does what follows from what a socket has said. Who only looks whether somebody is there makes no mistake. */
static void hear(struct door *d, const struct arrival *a, enum word said) {
    switch (said) {
    case NOTHING_YET: wait_to_speak(d, a); break;
    case NOTHING_MORE: dismiss(a->fd); break;
    case A_TLS_RECORD: admit(d, a, TLS); break;
    case ANOTHER_WORD: admit(d, a, PLAINTEXT); break;
    }
}

static int is_full(enum kind kind) { return queue_state(kind).now == QUEUE; }

static int takes_kind(const struct door *d, enum kind kind) { return d->order.mode != (kind == TLS ? MODE_NONE : MODE_REQUIRED); }

/* has_room says whether there is room for whoever comes to a listener: its mode says of what kind he can be. */
static int has_room(const struct door *d) {
    return !(takes_kind(d, PLAINTEXT) && is_full(PLAINTEXT)) && !(takes_kind(d, TLS) && is_full(TLS));
}

static void suspend(struct door *d) {
    d->suspended = 1;
    suspend_door(d);
}

static void resume(struct door *d) {
    d->suspended = 0;
    resume_door(d);
}

static void suspend_doors(int64_t until) {
    if (until) {
        suspended = 1;
        suspended_until = until;
        wake_at(until);
    }
    for (struct door *d = NULL; (d = next_door(d));) {
        if (until || !has_room(d)) suspended = 1, suspend(d);
        else if (d->suspended && !suspended_until) resume(d);
    }
}

void begin_door(struct door *d) {
    if (suspended_until) suspend(d);
}

/* has_to_queue says whether there is no room for who has said this. Then it is looked at again when there is some. */
static int has_to_queue(const struct waiting *w, enum word said) {
    enum kind kind = said == A_TLS_RECORD ? TLS : PLAINTEXT;
    return said != NOTHING_MORE && takes_kind(door_at(w->door), kind) && is_full(kind);
}

/* end_wait goes on with one that has said something, or counts as such. */
static void end_wait(struct waiting *w, enum word said) {
    struct arrival a = w->arrival;
    stop_watching(w);
    w->said = said;
    if (has_to_queue(w, said)) {
        suspended = 1;
        return;
    }
    stop_waiting(w);
    hear(door_at(w->door), &a, said);
}

void hear_waiting(struct waiting *w) {
    enum word said = look(w->arrival.fd);
    if (said != NOTHING_YET) end_wait(w, said);
}

/* Some may have spoken while nobody could listen. */
void expire_waiting(int64_t now) {
    for (struct waiting *w = NULL; (w = next_waiting(w));) {
        if (w->said || now - w->since < order_in_force.silent_ms) continue;
        enum word said = look(w->arrival.fd);
        if (said == NOTHING_YET && door_at(w->door)->order.mode == MODE_REQUIRED) give_up_waiting(w);
        else end_wait(w, said == NOTHING_YET ? ANOTHER_WORD : said);
    }
}

static void arrive(struct door *d, const struct arrival *a) {
    struct address from = address_of(&a->from);
    if (!allows(&order_in_force.rules, d->order.rules, &from)) refuse(d, a, BY_RULES, d->order.mode == MODE_NONE);
    else if (!is_service(&from) && !source_arrives(&from, order_in_force.rate, monotonic_ms()))
        refuse(d, a, BY_SOURCE, d->order.mode == MODE_NONE);
    else if (d->order.mode == MODE_NONE) admit(d, a, PLAINTEXT);
    else hear(d, a, look(a->fd));
}

void resume_when_possible(int64_t now) {
    if (!suspended || (suspended_until && now < suspended_until)) return;
    suspended = 0;
    suspended_until = 0;
    for (struct door *d = NULL; (d = next_door(d));) {
        if (d->suspended && has_room(d)) resume(d);
    }
    for (struct waiting *w = NULL; (w = next_waiting(w));)
        if (w->said) end_wait(w, w->said);
    suspend_doors(0); /* those that have no room yet */
}

int accept_one(struct door *d) {
    struct arrival a = {.from.len = sizeof(a.from.at)};
    if (!has_room(d)) return suspend_doors(0), 0;
    a.fd = system_accept4(d->fd, (struct sockaddr *)&a.from.at, &a.from.len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (a.fd >= 0) return a.heir = d->heirs, arrive(d, &a), 1;
    if (errno == EAGAIN) return heirs_only(d), 0;
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) suspend_doors(monotonic_ms() + RETRY_MS);
    return errno == ECONNABORTED || errno == EINTR;
}

void leave_door(struct door *d) {
    for (int i = 0; i < BACKLOG && !order_in_force.away && accept_one(d); i++) continue;
    for (struct waiting *w = NULL; (w = next_waiting(w));)
        if (w->door == index_of_door(d)) {
            stop_watching(w);
            stop_waiting(w);
            dismiss(w->arrival.fd);
        }
    stop_watching_door(d);
    close_door(d);
}

int64_t arrivals_due(void) {
    int64_t due = suspended && suspended_until ? suspended_until : INT64_MAX;
    for (struct waiting *w = NULL; (w = next_waiting(w));)
        if (!w->said && w->since + order_in_force.silent_ms < due) due = w->since + order_in_force.silent_ms;
    return due;
}
