#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "redismodule_abi.h"

struct text new_text(size_t size) {
    struct text t = {RedisModule_Alloc(size + 1), 0, size};
    return t;
}

void free_text(struct text *t) { RedisModule_Free(t->s); }

void put(struct text *t, const char *s, size_t len) {
    if (t->len + len > t->size) {
        size_t size = 2 * (t->len + len);
        char *more = RedisModule_Alloc(size);
        memcpy(more, t->s, t->len);
        RedisModule_Free(t->s);
        t->s = more;
        t->size = size;
    }
    memcpy(t->s + t->len, s, len);
    t->len += len;
}

void put_word(struct text *t, const char *word) { put(t, word, strlen(word)); }

void say(struct text *t, const char *format, ...) {
    char line[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    if (n < 0 || n >= (int)sizeof(line)) return; /* no line of ours is that long */
    put(t, line, (size_t)n);
}
