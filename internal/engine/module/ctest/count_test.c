/* The usage file, and counting. */
#include "count.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check.h"
#include "clock.h"
#include "fake.h"

#define A "aaaaaaaaaaaa"
#define B "bbbbbbbbbbbb"

static void keep(int n, const char *const *names) {
    char all[CREDENTIALS][CREDENTIAL_NAME];
    for (int i = 0; i < n; i++) copy_word(all[i], names[i], CREDENTIAL_NAME);
    keep_credentials(all[0], sizeof(all[0]), n);
}

static struct credential *credential(const char *name) {
    int at = find_credential(name);
    CHECK(at >= 0);
    return &usage->credentials[at];
}

static void open_file(void) {
    CHECK(open_usage(NULL) && usage_survives);
    hash_clients();
}

static void file_survives(void) {
    static const char *const held[] = {A};
    struct stat st;
    int64_t now = now_ms();
    open_file();
    CHECK(stat("aikagi-usage", &st) == 0 && (st.st_mode & 0777) == 0600 && st.st_size == (off_t)sizeof(struct usage));
    CHECK_TEXT(usage->credentials[NONE].name, "NONE");
    CHECK_TEXT(usage->credentials[UNKNOWN].name, "unknown");
    keep(1, held);
    count_use(credential(A), now, now);
    client_of(A, "10.0.0.1", "app", now)->closed = 3;
    usage->none_open = 2; /* two connections that the kill of the engine ends */

    const struct usage *before = usage;
    open_file();
    CHECK(usage != before);
    CHECK_NUMBER((long long)credential(A)->authentications, 1);
    CHECK_NUMBER((long long)client_of(A, "10.0.0.1", "app", now)->closed, 3);
    const struct credential *none = credential("NONE");
    CHECK(none->authentications == 2 && none->closed == 2 && none->other_closed == 2 && none->first_used && none->touched);
    CHECK(usage->none_open == 0);
}

static void damaged_file(void) {
    open_file();
    int64_t now = now_ms();
    struct credential *c = usage->credentials;
    memset(c[5].name, 'a', sizeof(c[5].name)); /* does not end */
    memcpy(c[6].name, "not a print", 12);
    memcpy(c[7].name, A, 13);
    memcpy(c[8].name, A, 13); /* twice */
    c[7].refused = UINT64_MAX;
    c[7].closed = 4;
    c[7].first_used = -1;
    c[7].last_used = now + 1000000;
    struct client *k = usage->clients;
    memcpy(k[0].credential, B, 13); /* of none that there is */
    memcpy(k[1].credential, A, 13);
    memset(k[1].name, 'x', sizeof(k[1].name));
    memcpy(k[2].credential, A, 13);
    memcpy(k[2].address, "10.0.0.1 x", 11);
    memcpy(k[3].credential, A, 13);
    memcpy(k[3].address, "10.0.0.1", 9);
    k[3].closed = UINT64_MAX;
    usage->none_open = UINT64_MAX;
    open_file();
    c = usage->credentials;
    k = usage->clients;
    CHECK(!*c[5].name && !*c[6].name && !*c[8].name);
    CHECK(c[7].refused == 0 && c[7].closed == 4 && c[7].first_used == 0 && c[7].last_used <= now_ms());
    CHECK(!*k[0].credential && !*k[1].credential && !*k[2].credential);
    CHECK_TEXT(k[3].address, "10.0.0.1");
    CHECK(k[3].closed == 0 && usage->none_open == 0 && c[NONE].authentications == 0);
}

/* Whatever the bytes are, counting goes on. */
static void random_file(void) {
    for (unsigned seed = 0; seed < 20; seed++) {
        open_file();
        srand(seed);
        unsigned char *at = (unsigned char *)usage->credentials;
        for (size_t i = 0; i < sizeof(*usage) - offsetof(struct usage, credentials); i++) at[i] = (unsigned char)rand();
        for (int i = 0; i < CLIENTS; i++) memcpy(usage->clients[i].credential, "unknown", 8);
        open_file();
        int64_t now = now_ms();
        for (int i = 0; i < 2 * CLIENTS; i++) {
            char address[32];
            snprintf(address, sizeof(address), "10.0.%d.1", i);
            client_of("unknown", address, "", now)->refused++;
        }
        static const char *const held[] = {A, B};
        keep(2, held);
        for (int i = 0; i < CREDENTIALS; i++) {
            count_use(&usage->credentials[i], now, now);
            CHECK(last_minute(&usage->credentials[i], now) >= 1);
        }
    }
}

/* The file of a release before this one goes on: its header, 64 credentials with the seconds of each, and 256 clients. */
static void former_file(void) {
    struct { char name[16]; uint64_t counts[3]; int64_t times[5]; uint64_t others[4]; } c = {A, {5, 0, 0}, {0, now_ms()}, {0}};
    struct { char credential[16], address[CLIENT_ADDRESS], name[CLIENT_NAME]; uint64_t counts[4]; } k = {A, "10.0.0.1", "app", {3}};
    enum { BYTES = 24 + 64 * (sizeof(c) + sizeof(struct second) * SECONDS) + 256 * sizeof(k) };
    int64_t now = now_ms();
    unsigned char *file = calloc(1, BYTES);
    uint32_t layout = 1, size = BYTES;
    memcpy(file, "aikagiU", 8);
    memcpy(file + 8, &layout, 4);
    memcpy(file + 12, &size, 4);
    struct second s = {(uint32_t)(now / 1000), 4};
    unsigned char *at = file + 24 + 63 * (sizeof(c) + sizeof(s) * SECONDS);
    memcpy(at, &c, sizeof(c));
    memcpy(at + sizeof(c) + (s.at % SECONDS) * sizeof(s), &s, sizeof(s));
    memcpy(file + BYTES - sizeof(k), &k, sizeof(k));
    FILE *f = fopen("aikagi-usage", "w");
    CHECK(f && fwrite(file, BYTES, 1, f) == 1 && fclose(f) == 0);
    free(file);

    struct stat st;
    open_file();
    CHECK(stat("aikagi-usage", &st) == 0 && (st.st_mode & 0777) == 0600 && st.st_size == (off_t)sizeof(struct usage));
    CHECK(stat("aikagi-usage.new", &st) != 0);
    CHECK_NUMBER((long long)credential(A)->authentications, 5);
    CHECK_NUMBER((long long)last_minute(credential(A), now), 4);
    CHECK_NUMBER((long long)client_of(A, "10.0.0.1", "app", now)->closed, 3);
}

static void short_file(void) {
    FILE *f = fopen("aikagi-usage", "w");
    CHECK(f && fputs("aikagiU", f) >= 0 && fclose(f) == 0);
    open_file();
    CHECK_TEXT(usage->credentials[UNKNOWN].name, "unknown");
}

static void last_minute_of_uses(void) {
    open_file();
    struct credential *c = credential("NONE");
    int64_t now = 1700000000000;
    for (int i = 0; i < 200; i++) count_use(c, now + 1000 * i, now + 1000 * i);
    now += 199000;
    CHECK_NUMBER((long long)last_minute(c, now), 60);
    CHECK_NUMBER((long long)last_minute(c, now + 59000), 1);
    CHECK_NUMBER((long long)last_minute(c, now + 60000), 0);
    count_use(c, now - 10000000, now); /* long ago: not of this minute */
    CHECK_NUMBER((long long)last_minute(c, now), 60);
    CHECK(c->authentications == 201 && c->first_used == now - 10000000 && c->last_used == now && c->touched == now);
}

static struct client *nth(const char *credential, int n, int64_t at) {
    char address[32];
    snprintf(address, sizeof(address), "10.%d.%d.1", n / 256, n % 256);
    struct client *k = client_of(credential, address, "", at);
    k->last = at;
    return k;
}

/* Neither who cannot log in nor who can with one token pushes out the users of another. */
static void who_gives_up_a_place(void) {
    static const char *const held[] = {A, B};
    open_file();
    keep(2, held);
    for (int i = 0; i < 300; i++) nth(A, i, 1000 + i)->closed = 1;
    for (int i = 0; i < CLIENTS - 301; i++) nth(B, i, 10 + i)->closed = 1;
    nth("unknown", 0, 5000)->refused = 7;
    nth(B, 900, 6000)->closed = 1; /* takes the place of who never got in */
    CHECK(credential("unknown")->other_refused == 7 && credential("unknown")->other_first == 5000);
    nth(B, 901, 7000)->closed = 1; /* takes that of the oldest of A, which has the most */
    CHECK(credential(A)->other_closed == 1 && credential(A)->other_first == 1000 && credential(A)->other_last == 1000);
    CHECK(credential(B)->other_closed == 0);
    nth(A, 902, 8000)->closed = 1;
    CHECK(credential(A)->other_closed == 2 && credential(A)->other_last == 1001);
    CHECK_NUMBER((long long)nth(B, 900, 9000)->closed, 1);
}

static void tokens_that_are_held(void) {
    char names[CREDENTIALS + 10][13];
    const char *list[2] = {names[0], A};
    open_file();
    for (int i = 0; i < CREDENTIALS + 10; i++) snprintf(names[i], sizeof(names[i]), "%012x", (unsigned)i);
    for (int i = 0; i < CREDENTIALS + 10; i++) {
        list[1] = names[i];
        keep(2, list);
        CHECK(credential_is_held(find_credential(names[i])) && credential_is_held(find_credential(names[0])));
        credential(names[i])->touched = i + 1; /* so that it is clear which is the oldest */
    }
    CHECK(find_credential(names[0]) > UNKNOWN && find_credential(names[1]) < 0); /* the oldest, of those not held */
    CHECK(find_credential(names[CREDENTIALS + 9]) > UNKNOWN);
    CHECK(find_credential(PLAINTEXT_NAME) > UNKNOWN && credential_is_held(find_credential(PLAINTEXT_NAME))); /* never given up */
    list[1] = "no print 123";
    keep(2, list);
    CHECK(find_credential("no print 123") < 0);
}

/* Who guesses at users gives nobody's figures up. */
static void users_that_are_guessed_at(void) {
    char name[CREDENTIAL_NAME];
    static const char *const held[] = {"@" B};
    open_file();
    keep(1, held);
    keep(0, NULL);
    CHECK(find_credential("@" B) > UNKNOWN && place_of_users(B) < 0);
    for (unsigned i = 0; i < CREDENTIALS; i++) {
        snprintf(name, sizeof(name), "@%012x", i);
        place_of_users(name);
    }
    CHECK(place_of_users(name) < 0 && find_credential("@" B) > UNKNOWN);
}

const struct test count_tests[] = {
    {"file survives", file_survives},
    {"damaged file", damaged_file},
    {"random file", random_file},
    {"former file", former_file},
    {"short file", short_file},
    {"last minute of uses", last_minute_of_uses},
    {"who gives up a place", who_gives_up_a_place},
    {"tokens that are held", tokens_that_are_held},
    {"users that are guessed at", users_that_are_guessed_at},
    {NULL, NULL},
};
