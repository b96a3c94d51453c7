#include "words.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "redismodule_abi.h"

static char in_lower_case(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

/* place_of_word returns where the word is, or where it would be: a hash table with linear probing (FNV-1a). */
static struct known_word *place_of_word(const struct words *t, const char *name, size_t len) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < len; i++) hash = (hash ^ (unsigned char)in_lower_case(name[i])) * 16777619u;
    size_t i = hash & (t->size - 1);
    while (*t->all[i].name && (strncasecmp(t->all[i].name, name, len) != 0 || t->all[i].name[len]))
        i = (i + 1) & (t->size - 1);
    return &t->all[i];
}

struct words new_words(size_t most) {
    struct words t = {.size = 8};
    while (t.size < 2 * most) t.size *= 2;
    t.all = RedisModule_Alloc(t.size * sizeof(*t.all));
    memset(t.all, 0, t.size * sizeof(*t.all));
    return t;
}

void free_words(struct words *t) {
    RedisModule_Free(t->all);
    *t = (struct words){0};
}

int add_word(struct words *t, const char *name, size_t len, int value) {
    if (!len || len >= WORD_SIZE || memchr(name, 0, len) || t->count * 2 >= t->size) return 0;
    struct known_word *w = place_of_word(t, name, len);
    if (*w->name) return 0;
    for (size_t i = 0; i < len; i++) w->name[i] = in_lower_case(name[i]);
    w->value = value;
    t->count++;
    return 1;
}

const struct known_word *find_word(const struct words *t, const char *name, size_t len) {
    len = strnlen(name, len < WORD_SIZE ? len : WORD_SIZE);
    if (!t->size || !len || len >= WORD_SIZE) return NULL;
    const struct known_word *w = place_of_word(t, name, len);
    return *w->name ? w : NULL;
}
