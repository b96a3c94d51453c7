#include "count.h"

#include <string.h>

#include "clock.h"

/* What is not worth a place in the file. */
static uint8_t credential_held[CREDENTIALS];
static uint32_t client_hash[CLIENTS];
static uint8_t client_credential[CLIENTS]; /* the place of each one's credential */

static int64_t earlier(int64_t a, int64_t b) { return a && a < b ? a : b; }

void count_use(struct credential *c, int64_t at, int64_t now) {
    c->authentications++;
    c->first_used = earlier(c->first_used, at);
    if (at > c->last_used) c->last_used = at;
    c->touched = now;
    if (now - at >= SECONDS * 1000) return;
    struct second *s = &usage->seconds[c - usage->credentials][at / 1000 % SECONDS];
    if (s->at != (uint32_t)(at / 1000)) {
        s->count = 0;
        s->at = (uint32_t)(at / 1000);
    }
    s->count++;
}

void count_refusal(struct credential *c, int64_t now) {
    c->refused++;
    c->first_refused = earlier(c->first_refused, now);
    c->last_refused = now;
    c->touched = now;
}

/* Seconds that are not of this minute are left from before. */
uint64_t last_minute(const struct credential *c, int64_t now) {
    uint64_t sum = 0;
    if (now - c->last_used >= SECONDS * 1000) return 0;
    const struct second *s = usage->seconds[c - usage->credentials];
    for (int i = 0; i < SECONDS; i++) {
        int64_t age = now / 1000 - (int64_t)s[i].at;
        if (age >= 0 && age < 60) sum += s[i].count;
    }
    return sum;
}

/* give_up_client gives up a client's place. Its credential goes on knowing how many they were. */
static void give_up_client(int i) {
    struct client *k = &usage->clients[i];
    int of = k->credential[0] ? find_credential(k->credential) : -1;
    if (of >= 0) {
        struct credential *c = &usage->credentials[of];
        c->other_closed += k->closed;
        c->other_refused += k->refused;
        c->other_first = earlier(c->other_first, k->first);
        if (k->last > c->other_last) c->other_last = k->last;
    }
    memset(k, 0, sizeof(*k));
}

static uint32_t hash_text(uint32_t h, const char *text) {
    for (; *text; text++) h = (h ^ (unsigned char)*text) * 16777619u;
    return (h ^ 0xff) * 16777619u;
}

static uint32_t hash_client(const char *credential, const char *address, const char *name) {
    return hash_text(hash_text(hash_text(2166136261u, credential), address), name);
}

/* place_for_client returns a free place, or whose is given up: of those that were only ever refused, if there
 * are any, else of all, the least recently seen of the credential that has the most. So neither who
 * cannot log in nor who can with one token pushes out the users of another. */
static int place_for_client(void) {
    int all[CREDENTIALS] = {0}, refused[CREDENTIALS] = {0}, any_refused = 0, victim = 0;
    for (int i = 0; i < CLIENTS; i++) {
        if (!usage->clients[i].credential[0]) return i;
        int only_refused = usage->clients[i].closed == 0;
        all[client_credential[i]]++;
        refused[client_credential[i]] += only_refused;
        any_refused |= only_refused;
    }
    const int *count = any_refused ? refused : all;
    int most = 0;
    for (int i = 1; i < CREDENTIALS; i++)
        if (count[i] > count[most]) most = i;
    int64_t oldest = INT64_MAX;
    for (int i = 0; i < CLIENTS; i++) {
        const struct client *k = &usage->clients[i];
        if (client_credential[i] != most || (any_refused && k->closed) || k->last >= oldest) continue;
        oldest = k->last;
        victim = i;
    }
    return victim;
}

/* enter_client notes what is looked for in the entry. */
static void enter_client(int i, uint32_t hash) {
    int of = find_credential(usage->clients[i].credential);
    client_hash[i] = hash;
    client_credential[i] = (uint8_t)(of < 0 ? UNKNOWN : of);
}

struct client *client_of(const char *credential, const char *address, const char *name, int64_t now) {
    uint32_t hash = hash_client(credential, address, name);
    for (int i = 0; i < CLIENTS; i++) {
        struct client *k = &usage->clients[i];
        if (client_hash[i] == hash && strcmp(k->credential, credential) == 0 &&
            strcmp(k->address, address) == 0 && strcmp(k->name, name) == 0)
            return k;
    }
    int at = place_for_client();
    struct client *k = &usage->clients[at];
    give_up_client(at);
    copy_word(k->address, address, CLIENT_ADDRESS);
    copy_word(k->name, name, CLIENT_NAME);
    k->first = k->last = now;
    copy_word(k->credential, credential, CREDENTIAL_NAME); /* last: it makes the entry one */
    enter_client(at, hash);
    return k;
}

void hash_clients(void) {
    for (int i = 0; i < CLIENTS; i++) {
        const struct client *k = &usage->clients[i];
        enter_client(i, hash_client(k->credential, k->address, k->name));
    }
}

static int free_place(void) {
    for (int i = UNKNOWN + 1; i < CREDENTIALS; i++)
        if (!usage->credentials[i].name[0]) return i;
    return -1;
}

/* oldest_given_up is the place of the credential that was given up the longest ago. */
static int oldest_given_up(void) {
    int at = -1;
    for (int i = UNKNOWN + 1; i < CREDENTIALS; i++)
        if (!credential_held[i] &&
            (at < 0 || usage->credentials[i].touched < usage->credentials[at].touched))
            at = i;
    return at;
}

/* enter_credential makes an entry, in a place that is free or is given up. */
static int enter_credential(const char *name, int at) {
    if (at < 0) return -1;
    for (int i = 0; i < CLIENTS; i++)
        if (usage->clients[i].credential[0] &&
            strcmp(usage->clients[i].credential, usage->credentials[at].name) == 0)
            memset(&usage->clients[i], 0, sizeof(usage->clients[i]));
    memset(&usage->credentials[at], 0, sizeof(usage->credentials[at]));
    memset(usage->seconds[at], 0, sizeof(usage->seconds[at]));
    usage->credentials[at].touched = now_ms();
    copy_word(usage->credentials[at].name, name, CREDENTIAL_NAME);
    return at;
}

static int new_credential(const char *name) {
    int at = free_place();
    return enter_credential(name, at < 0 ? oldest_given_up() : at);
}

int place_of_users(const char *name) {
    int at = find_credential(name);
    return at < 0 && is_users_credential(name) ? enter_credential(name, free_place()) : at;
}

struct credential *plaintext_use(void) {
    int at = find_credential(PLAINTEXT_NAME);
    if (at < 0) at = new_credential(PLAINTEXT_NAME);
    if (at < 0) return NULL;
    credential_held[at] = 1;
    return &usage->credentials[at];
}

void keep_credentials(const char *names, size_t stride, int n) {
    memset(credential_held, 0, sizeof(credential_held));
    for (int pass = 0; pass < 2; pass++) { /* known ones first, so that none of them is given up */
        for (int i = 0; i < n; i++) {
            const char *name = names + (size_t)i * stride;
            if (!is_credential(name)) continue;
            int at = find_credential(name);
            if (at < 0 && pass == 1) at = new_credential(name);
            if (at >= 0) credential_held[at] = 1;
        }
        plaintext_use(); /* it takes no place of a known one either */
    }
}

int credential_is_held(int at) { return credential_held[at]; }
