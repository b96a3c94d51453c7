/* The table of connections, beside an array that says what is to be in it. */
#include "connections.h"

#include <string.h>

#include "check.h"
#include "fake.h"

#define IDS 5000

static uint32_t random_state = 1;

static uint32_t random_number(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    return random_state ^= random_state << 5;
}

static void compare(const uint8_t *open, size_t count) {
    size_t found = 0;
    CHECK_NUMBER((long long)count_connections(), (long long)count);
    for (uint64_t id = 1; id < IDS; id++) {
        const struct connection *c = find_connection(id);
        CHECK((c != NULL) == (open[id] != 0));
        CHECK(!c || (c->id == id && c->opened == (uint32_t)id));
    }
    for (struct connection *c = NULL; (c = next_connection(c)); found++) CHECK(c->id < IDS && open[c->id]);
    CHECK_NUMBER((long long)found, (long long)count);
}

static void random_connections(void) {
    uint8_t open[IDS] = {0};
    size_t count = 0;
    give_memory();
    compare(open, 0);
    for (int step = 0; step < 40000; step++) {
        /* The number of open ones goes up and down, so that the table grows and shrinks. */
        uint32_t few = step / 5000 % 2 ? 20 : 80;
        uint64_t id = 1 + random_number() % (IDS - 1);
        if (random_number() % 100 < few) {
            struct connection *c = add_connection(id);
            count += !open[id];
            open[id] = 1;
            c->opened = (uint32_t)id;
            CHECK(c->id == id && !c->none && !c->tried && !c->open_none);
        } else if (open[id]) {
            remove_connection(find_connection(id));
            open[id] = 0;
            count--;
        }
        if (step % 1000 == 0) compare(open, count);
    }
    for (uint64_t id = 1; id < IDS; id++)
        if (open[id]) remove_connection(find_connection(id));
    memset(open, 0, sizeof(open));
    compare(open, 0);
}

/* Ids of one home, at the end of the table, so that the probing goes round. */
static void colliding_connections(void) {
    uint64_t ids[] = {63, 127, 191, 62, 126, 64, 1ULL << 40 | 63};
    size_t n = sizeof(ids) / sizeof(*ids);
    give_memory();
    for (size_t i = 0; i < n; i++) add_connection(ids[i]);
    for (size_t gone = 0; gone < n; gone++) {
        remove_connection(find_connection(ids[gone]));
        for (size_t i = 0; i < n; i++) CHECK((find_connection(ids[i]) != NULL) == (i > gone));
    }
    CHECK(!find_connection(0));
}

const struct test connection_tests[] = {
    {"random connections", random_connections},
    {"colliding connections", colliding_connections},
    {NULL, NULL},
};
