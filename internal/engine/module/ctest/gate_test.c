/* The parts of the gate, one by one. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "gate/handed.h"
#include "gate/order.h"
#include "gate/queue.h"
#include "gate/refused.h"
#include "gate/sources.h"
#include "gate/waiting.h"

static struct address address(const char *text) {
    struct address a;
    CHECK(read_address(text, &a));
    return a;
}

static int is_in(const char *network, const char *a) {
    struct network n;
    struct address x = address(a);
    CHECK(read_network(network, &n));
    return contains(&n, &x);
}

static void networks(void) {
    static const char *const wrong[] = {"", "/8", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0/8", "::1/129", "x/8",
        "1111111111111111111111111111111111111111111111111111111111111111111/8"};
    struct network n;
    char text[ADDRESS_TEXT];
    CHECK(is_in("10.0.0.0/8", "10.255.1.2") && !is_in("10.0.0.0/8", "11.0.0.0"));
    CHECK(is_in("0.0.0.0/0", "255.255.255.255") && !is_in("0.0.0.0/0", "::1"));
    CHECK(is_in("::/0", "::1") && !is_in("::/0", "10.0.0.1") && !is_in("::/80", "10.0.0.1") && is_in("::/80", "::1"));
    CHECK(is_in("192.168.6.0/23", "192.168.7.255") && !is_in("192.168.6.0/23", "192.168.8.0"));
    CHECK(is_in("10.1.2.3/32", "10.1.2.3") && !is_in("10.1.2.3/32", "10.1.2.2"));
    CHECK(is_in("10.1.2.3/24", "10.1.2.9")); /* the bits behind do not count */
    CHECK(is_in("fe80::/10", "febf::1") && !is_in("fe80::/10", "fec0::1"));
    CHECK(is_in("::ffff:10.0.0.0/104", "10.3.2.1"));
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) CHECK(!read_network(wrong[i], &n));
    struct address v4 = address("127.0.0.1"), v6 = address("fd00::7");
    address_text(&v4, text);
    CHECK_TEXT(text, "127.0.0.1");
    address_text(&v6, text);
    CHECK_TEXT(text, "fd00::7");
    struct endpoint at4 = endpoint_of(&v4, 6379), at6 = endpoint_of(&v6, 6379);
    struct address back4 = address_of(&at4), back6 = address_of(&at6);
    CHECK(same_address(&back4, &v4) && same_address(&back6, &v6) && !same_address(&v4, &v6));
}

static struct order o;
static char why[256];

static int reads(const char *text) { return read_order(text, strlen(text), &o, why, sizeof(why)); }

static void orders(void) {
    CHECK(reads("") && o.doors_count == 0 && o.silent_ms == 10000 && o.end_ms == 1000 && !o.clients && !o.has_service);
    CHECK(reads("listen 127.0.0.1 6379 preferred web shared\n\nallow web 10.0.0.0/8\nallow admin 10.1.0.0/16\n"
                "listen ::1 1 required -\nservice 127.1.0.0/16\nclients 100\nsource 9\nrate 8\nsilent 5\nend 7"));
    CHECK(o.doors_count == 2 && o.rules.networks_count == 2 && o.rules.names_count == 2);
    CHECK(o.doors[0].port == 6379 && o.doors[0].mode == MODE_PREFERRED && o.doors[0].shared);
    CHECK(o.doors[1].port == 1 && o.doors[1].mode == MODE_REQUIRED && !o.doors[1].shared);
    CHECK_TEXT(rules_word(&o.rules, o.doors[0].rules), "web");
    CHECK_TEXT(rules_word(&o.rules, o.doors[1].rules), "-");
    CHECK(o.has_service && o.clients == 100 && o.source == 9 && o.rate == 8 && o.silent_ms == 5 && o.end_ms == 7);
    struct address in = address("10.2.0.1"), out = address("11.0.0.1");
    CHECK(allows(&o.rules, o.doors[0].rules, &in) && !allows(&o.rules, o.doors[0].rules, &out));
    CHECK(allows(&o.rules, EVERYBODY, &out));
    for (int mode = MODE_NONE; mode <= MODE_REQUIRED; mode++) {
        char line[64];
        snprintf(line, sizeof(line), "listen 127.0.0.1 1 %s -", mode_word((enum mode)mode));
        CHECK(reads(line) && o.doors[0].mode == (enum mode)mode);
    }
    CHECK(!reads("listen 127.0.0.1 65536 none -"));
    CHECK(!reads("listen 127.0.0.1 1 none - public"));
    CHECK(!reads("listen 127.0.0.1 1 none - shared now"));
    CHECK(!read_order("clients 1\0", 10, &o, why, sizeof(why)));
    CHECK(!reads("clients -1") && !reads("clients 1e3") && !reads("clients 99999999999999999999") && !reads("clients"));
}

/* An order as large as may be, and one line more. */
static void order_limits(void) {
    char *text = malloc(200000), *end;
    end = text;
    for (int i = 0; i < DOORS; i++) end += sprintf(end, "listen 127.0.0.1 %d none -\n", i + 1);
    CHECK(reads(text));
    sprintf(end, "listen 127.0.0.1 99 none -\n");
    CHECK(!reads(text));
    CHECK_TEXT(why, "line 65 of the order: too many listeners");
    end = text;
    for (int i = 0; i < NETWORKS; i++) end += sprintf(end, "allow web 10.%d.%d.0/24\n", i / 256, i % 256);
    CHECK(reads(text));
    sprintf(end, "allow web 11.0.0.0/24\n");
    CHECK(!reads(text));
    end = text;
    for (int i = 0; i < RULES; i++) end += sprintf(end, "allow r%d 10.0.0.0/24\n", i);
    CHECK(reads(text));
    sprintf(end, "listen 127.0.0.1 1 none one-more\n");
    CHECK(!reads(text));
    sprintf(text, "allow %0*d 10.0.0.0/8", RULES_NAME, 0);
    CHECK(!reads(text));
    free(text);
}

static uint32_t random_state = 7;

static uint32_t random_number(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    return random_state ^= random_state << 5;
}

/* Orders with some bytes changed: whatever they say, what is read is within its bounds. */
static void mangled_orders(void) {
    static const char good[] = "listen 127.0.0.1 6379 preferred web shared\nallow web 10.0.0.0/8\nservice 127.1.0.0/16\nclients 100\nend 7\n";
    int read = 0;
    for (int run = 0; run < 100000; run++) {
        size_t len = sizeof(good) - 1 - random_number() % 20;
        char *text = malloc(len); /* as long as it is, so that reading on is found */
        memcpy(text, good, len);
        for (uint32_t i = random_number() % 4; i > 0; i--) text[random_number() % len] = "\0\n /.:-19az\xff"[random_number() % 12];
        if (read_order(text, len, &o, why, sizeof(why))) {
            read++;
            CHECK(o.doors_count <= 1 && o.rules.networks_count <= 1 && o.silent_ms >= 0 && o.end_ms >= 0 && o.clients >= 0);
            for (int i = 0; i < o.doors_count; i++) CHECK(o.doors[i].rules >= EVERYBODY && o.doors[i].rules < o.rules.names_count);
        } else {
            CHECK(strlen(why) > 0 && strlen(why) < sizeof(why));
        }
        free(text);
    }
    CHECK(read > 10000 && read < 90000);
}

static int is_readable(int fd) {
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) == 1;
}

static void queues(void) {
    struct arrival a = {.fd = 0}, got;
    CHECK(!queue_put(TLS, &a)); /* the engine does not listen yet */
    int bell = queue_bell(TLS);
    CHECK(bell > 0 && queue_bell(TLS) == bell && !is_readable(bell) && !queue_take(TLS, &got));
    for (int round = 0; round < 3; round++) {
        for (a.fd = 0; a.fd < QUEUE; a.fd++) CHECK(queue_put(TLS, &a));
        CHECK(!queue_put(TLS, &a) && queue_state(TLS).now == QUEUE && queue_state(TLS).most == QUEUE);
        for (int fd = 0; fd < QUEUE; fd++) {
            ring_queues();
            CHECK(is_readable(bell) && queue_take(TLS, &got) && got.fd == fd);
        }
        ring_queues();
        CHECK(!queue_take(TLS, &got) && !is_readable(bell));
        CHECK(queue_put(TLS, &a) && queue_take(TLS, &got)); /* what is taken at once rings nothing */
        ring_queues();
        CHECK(!is_readable(bell));
    }
    CHECK(queue_state(PLAINTEXT).most == 0);
}

static int dropped;

static void drop(struct waiting *w) {
    dropped = w->arrival.fd;
    stop_waiting(w);
}

static void waiting_sockets(void) {
    struct arrival a = {.fd = 0};
    for (a.fd = 1; a.fd <= WAITING; a.fd++) CHECK(wait_for(&a, 3, 1000 + a.fd % 7, drop)->door == 3);
    CHECK(waiting_count() == WAITING && !dropped);
    struct waiting *w = wait_for(&a, 3, 2000, drop);
    CHECK(waiting_count() == WAITING && dropped % 7 == 0);
    uint32_t place = place_of_waiting(w), turn = w->turn;
    CHECK(waiting_at(place, turn) == w && !waiting_at(place, turn - 1) && !waiting_at(WAITING, 1));
    stop_waiting(w);
    CHECK(!waiting_at(place, turn) && wait_for(&a, 1, 3000, drop) == w && w->turn != turn);
    int n = 0;
    for (w = NULL; (w = next_waiting(w)); n++) stop_waiting(w);
    CHECK(n == WAITING && waiting_count() == 0 && !next_waiting(NULL));
}

static void refused_addresses(void) {
    char *text;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    for (int i = 0; i < 3 * KNOCKING; i++) {
        char ip[32];
        snprintf(ip, sizeof(ip), "10.0.0.%d", i);
        struct address from = address(ip), often = address("10.9.9.9");
        note_refusal(&from, BY_RULES, 1000 + i);
        note_refusal(&often, BY_MODE, 1000 + i);
    }
    report_refusals(out, 2000);
    fclose(out);
    CHECK(refusals(BY_RULES) == 3 * KNOCKING && refusals(BY_MODE) == 3 * KNOCKING && !refusals(BY_SILENCE));
    CHECK_HAS(text, "refused 10.9.9.9 age=809 rules=0 mode=192 silence=0 clients=0 queue=0 source=0\n");
    CHECK_HAS(text, "refused 10.0.0.191 age=809 rules=1 ");
    CHECK(!strstr(text, "refused 10.0.0.1 "));
    free(text);
}

static void sources(void) {
    struct address one = address("10.0.0.1"), other = address("10.0.0.2"), six = address("fd00::1"), near = address("fd00::2"), far = address("fd00:0:0:1::1");
    int places[3];
    for (int i = 0; i < 3; i++) CHECK((places[i] = source_enter(&one, 3)) >= 0);
    CHECK(source_enter(&one, 3) == NO_SOURCE && source_enter(&one, 2) == NO_SOURCE);
    int free_place = source_enter(&other, 3);
    CHECK(free_place >= 0 && free_place != places[0] && places[0] == places[2]);
    source_leave(places[0]);
    CHECK((places[0] = source_enter(&one, 3)) >= 0 && source_enter(&one, 3) == NO_SOURCE);
    int host = source_enter(&six, 1), elsewhere = source_enter(&far, 1);
    CHECK(host >= 0 && source_enter(&near, 1) == NO_SOURCE && elsewhere >= 0);
    for (int i = 0; i < 3; i++) source_leave(places[i]);
    source_leave(free_place), source_leave(host), source_leave(elsewhere), source_leave(NO_SOURCE);
    CHECK((host = source_enter(&near, 1)) >= 0);
    source_leave(host);
}

static int arrivals(const struct address *from, long rate, int64_t now, int tries) {
    int n = 0;
    for (int i = 0; i < tries; i++) n += source_arrives(from, rate, now);
    return n;
}

static void source_rates(void) {
    struct address one = address("10.1.0.1"), other = address("10.1.0.2");
    CHECK_NUMBER(arrivals(&one, 10, 5000, 100), 10); /* a second's worth at once */
    CHECK_NUMBER(arrivals(&other, 10, 5000, 5), 5);
    CHECK_NUMBER(arrivals(&one, 10, 5099, 5), 0);
    CHECK_NUMBER(arrivals(&one, 10, 5100, 5), 1);
    CHECK_NUMBER(arrivals(&one, 10, 5550, 50), 4);
    CHECK_NUMBER(arrivals(&one, 10, 5600, 50), 1); /* with the half that was left */
    CHECK_NUMBER(arrivals(&one, 10, 900000, 50), 10);
    CHECK_NUMBER(arrivals(&one, 0, 900000, 50), 50);
}

/* More sources than are told apart, each with a connection: those who share a place share its limit, nobody is forgotten, and when all
 * have left there is room for all again. */
static void many_sources(void) {
    enum { SOURCES = 3 * SOURCE_SETS * SOURCE_WAYS };
    static int places[SOURCES];
    for (int round = 0; round < 2; round++) {
        int entered = 0;
        for (int i = 0; i < SOURCES; i++) {
            char ip[32];
            snprintf(ip, sizeof(ip), "11.%d.%d.%d", i >> 16, (i >> 8) & 255, i & 255);
            struct address from = address(ip);
            places[i] = source_enter(&from, 1);
            entered += places[i] >= 0;
            if (places[i] >= 0) CHECK(source_enter(&from, 1) == NO_SOURCE);
        }
        CHECK(entered > SOURCE_SETS * SOURCE_WAYS * 9 / 10 && entered <= SOURCE_SETS * (SOURCE_WAYS + 1));
        for (int i = 0; i < SOURCES; i++) source_leave(places[i]);
    }
}

static int is_tls(const struct handed *h, void *data) {
    (void)data;
    return h->kind == TLS;
}

static void handed_sockets(void) {
    int pairs[40][2];
    char byte;
    for (int i = 0; i < 40; i++) {
        struct handed h = {.kind = i % 2 ? TLS : PLAINTEXT, .service = i % 4 == 1, .source = NO_SOURCE};
        CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]) == 0);
        hand_out(pairs[i][0], &h);
    }
    CHECK(handed_count(PLAINTEXT) == 20 && handed_count(TLS) == 20 && clients_count() == 30);
    CHECK_NUMBER(end_handed(is_tls, NULL, 5), 5);
    CHECK_NUMBER(count_handed(is_tls, NULL), 15);
    CHECK_NUMBER(end_handed(is_tls, NULL, 100), 15);
    CHECK_NUMBER(end_handed(is_tls, NULL, 100), 0);
    CHECK_NUMBER(handed_count(TLS), 20); /* the engine has not closed them yet */
    for (int i = 0; i < 40; i++) {
        CHECK(recv(pairs[i][1], &byte, 1, MSG_DONTWAIT) == (i % 2 ? 0 : -1));
        close(pairs[i][0]); /* as the engine does: through the gate */
        close(pairs[i][1]);
    }
    CHECK(handed_count(PLAINTEXT) == 0 && handed_count(TLS) == 0 && clients_count() == 0);
    hand_in(-1);
    hand_in(FILES);
    hand_in(pairs[0][0]);
    CHECK(clients_count() == 0);
}

const struct test gate_tests[] = {
    {"gate networks", networks},
    {"gate orders", orders},
    {"gate order limits", order_limits},
    {"gate mangled orders", mangled_orders},
    {"gate queues", queues},
    {"gate waiting sockets", waiting_sockets},
    {"gate refused addresses", refused_addresses},
    {"gate sources", sources},
    {"gate source rates", source_rates},
    {"gate many sources", many_sources},
    {"gate handed sockets", handed_sockets},
    {NULL, NULL},
};
