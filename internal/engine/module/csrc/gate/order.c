#include "order.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 6
#define LINE 256

#define SILENT_MS 10000
#define END_MS 1000

static const char *const modes[] = {"none", "preferred", "required"};

const char *mode_word(enum mode mode) { return modes[mode]; }

const char *rules_word(const struct rules *r, int rules) { return rules == EVERYBODY ? "-" : r->names[rules]; }

static int read_mode(const char *word, enum mode *mode) {
    for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
        if (strcmp(word, modes[i]) == 0) return *mode = (enum mode)i, 1;
    return 0;
}

static int read_number(const char *word, long most, long *n) {
    char *end;
    *n = errno = 0;
    *n = strtol(word, &end, 10);
    return end != word && !*end && !errno && *n >= 0 && *n <= most;
}

/* rules_named returns the index of a name, which it enters when it is new; -1 when there is no room for it. */
static int rules_named(struct rules *r, const char *name) {
    for (int i = 0; i < r->names_count; i++)
        if (strcmp(r->names[i], name) == 0) return i;
    if (r->names_count == RULES || strlen(name) >= RULES_NAME) return -1;
    memcpy(r->names[r->names_count], name, strlen(name) + 1);
    return r->names_count++;
}

static const char *read_listen(struct order *o, char **words, int n) {
    if (o->doors_count == DOORS) return "too many listeners";
    struct door_order *d = &o->doors[o->doors_count];
    long port;
    if (n < 5 || n > 6 || (n == 6 && strcmp(words[5], "shared") != 0))
        return "listen takes an address, a port, a mode, rules, and perhaps shared";
    if (!read_address(words[1], &d->address)) return "the address cannot be read";
    if (!read_number(words[2], 65535, &port) || !port) return "the port is not 1 to 65535";
    if (!read_mode(words[3], &d->mode)) return "the mode is not none, preferred or required";
    d->port = (unsigned)port;
    d->shared = n == 6;
    d->rules = EVERYBODY;
    if (strcmp(words[4], "-") != 0 && (d->rules = rules_named(&o->rules, words[4])) < 0)
        return "too many rules, or a name that is too long";
    for (int i = 0; i < o->doors_count; i++)
        if (o->doors[i].port == d->port && same_address(&o->doors[i].address, &d->address))
            return "the address is there twice";
    o->doors_count++;
    return NULL;
}

static const char *read_left(struct order *o, char **words, int n) {
    long port;
    if (n != 3) return "left takes an address and a port";
    if (o->left_count == LEFT) return "too many addresses that are left";
    struct left *l = &o->left[o->left_count];
    if (!read_address(words[1], &l->address)) return "the address cannot be read";
    if (!read_number(words[2], 65535, &port) || !port) return "the port is not 1 to 65535";
    l->port = (unsigned)port;
    o->left_count++;
    return NULL;
}

static const char *read_allow(struct order *o, char **words, int n) {
    struct rules *r = &o->rules;
    if (n != 3) return "allow takes rules and a network";
    if (r->networks_count == NETWORKS) return "too many networks";
    if (!read_network(words[2], &r->networks[r->networks_count])) return "the network cannot be read";
    int name = rules_named(r, words[1]);
    if (name < 0) return "too many rules, or a name that is too long";
    r->of[r->networks_count++] = (short)name;
    return NULL;
}

static const char *read_line(struct order *o, char **words, int n) {
    long number;
    if (strcmp(words[0], "listen") == 0) return read_listen(o, words, n);
    if (strcmp(words[0], "allow") == 0) return read_allow(o, words, n);
    if (strcmp(words[0], "left") == 0) return read_left(o, words, n);
    if (n == 1 && strcmp(words[0], "away") == 0) return o->away = 1, NULL;
    if (n == 1 && strcmp(words[0], "watch") == 0) return o->watch = 1, NULL;
    if (n != 2) return "there is no such line";
    if (strcmp(words[0], "service") == 0) {
        o->has_service = read_network(words[1], &o->service);
        return o->has_service ? NULL : "the network cannot be read";
    }
    int readable = read_number(words[1], 3600 * 1000, &number);
    if (strcmp(words[0], "clients") == 0) o->clients = number;
    else if (strcmp(words[0], "source") == 0) o->source = number;
    else if (strcmp(words[0], "rate") == 0) o->rate = number;
    else if (strcmp(words[0], "silent") == 0) o->silent_ms = number;
    else if (strcmp(words[0], "end") == 0) o->end_ms = number;
    else return "there is no such line";
    return readable ? NULL : "the number cannot be read";
}

int read_order(const char *text, size_t len, struct order *o, char *why, size_t size) {
    memset(o, 0, sizeof(*o));
    o->silent_ms = SILENT_MS;
    o->end_ms = END_MS;
    for (int number = 1; len; number++) {
        const char *end = memchr(text, '\n', len), *wrong = NULL;
        size_t line_len = end ? (size_t)(end - text) : len, all = line_len + (end != NULL);
        char line[LINE], *words[WORDS + 1], *rest = NULL;
        int n = 0;
        if (line_len >= sizeof(line) || memchr(text, 0, line_len)) {
            snprintf(why, size, "line %d of the order is too long, or no text", number);
            return 0;
        }
        memcpy(line, text, line_len);
        line[line_len] = 0;
        for (char *w = strtok_r(line, " ", &rest); w && n <= WORDS; w = strtok_r(NULL, " ", &rest)) words[n++] = w;
        if (n > WORDS) wrong = "there are too many words";
        else if (n) wrong = read_line(o, words, n);
        if (wrong) {
            snprintf(why, size, "line %d of the order: %s", number, wrong);
            return 0;
        }
        text += all;
        len -= all;
    }
    return 1;
}

int allows(const struct rules *r, int rules, const struct address *a) {
    if (rules == EVERYBODY) return 1;
    for (int i = 0; i < r->networks_count; i++)
        if (r->of[i] == rules && contains(&r->networks[i], a)) return 1;
    return 0;
}
