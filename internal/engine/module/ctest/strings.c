/* Arguments and memory of the fake engine. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fake.h"
#include "fake_api.h"

RedisModuleString *make_string(const char *s) {
    RedisModuleString *made = malloc(sizeof(*made));
    *made = (RedisModuleString){malloc(strlen(s) + 1), 0, 1};
    for (; *s; s++) {
        char c = *s;
        if (c == '\\' && s[1]) c = *++s == '0' ? 0 : ' ';
        made->s[made->len++] = c;
    }
    made->s[made->len] = 0;
    return made;
}

void free_string(RedisModuleString *s) {
    CHECK(s->refs > 0);
    if (--s->refs) return;
    free(s->s);
    free(s);
}

RedisModuleString *fake_CreateString(RedisModuleCtx *ctx, const char *s, size_t len) {
    RedisModuleString *made = malloc(sizeof(*made));
    (void)ctx;
    *made = (RedisModuleString){malloc(len + 1), len, 1};
    memcpy(made->s, s, len);
    made->s[len] = 0;
    return made;
}

void fake_FreeString(RedisModuleCtx *ctx, RedisModuleString *s) {
    (void)ctx;
    free_string(s);
}

void fake_RetainString(RedisModuleCtx *ctx, RedisModuleString *s) {
    (void)ctx;
    s->refs++;
}

const char *fake_StringPtrLen(const RedisModuleString *s, size_t *len) {
    if (len) *len = s->len;
    return s->s;
}

void *fake_Alloc(size_t size) { return malloc(size); }
void fake_Free(void *p) { free(p); }

void give_memory(void) {
    RedisModule_Alloc = fake_Alloc;
    RedisModule_Free = fake_Free;
    RedisModule_StringPtrLen = fake_StringPtrLen;
}
