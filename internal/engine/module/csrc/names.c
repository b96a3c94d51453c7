#include "names.h"

#include <string.h>
#include <strings.h>

#include "settings.h"

int reads_as(const RedisModuleString *arg, const char *word) {
    return strcasecmp(RedisModule_StringPtrLen(arg, NULL), word) == 0;
}

int is_exactly(const RedisModuleString *arg, const char *word) {
    size_t len;
    const char *s = RedisModule_StringPtrLen(arg, &len);
    return len == strlen(word) && strcasecmp(s, word) == 0;
}

int is_number(const RedisModuleString *arg) {
    size_t len;
    const char *s = RedisModule_StringPtrLen(arg, &len);
    for (size_t i = 0; i < len; i++)
        if (s[i] < '0' || s[i] > '9') return 0;
    return len > 0;
}

int is_acl_secret(const RedisModuleString *arg) {
    size_t len;
    const char *s = RedisModule_StringPtrLen(arg, &len);
    if (len != strlen(settings.acl_secret)) return 0;
    unsigned char differ = 0;
    for (size_t i = 0; i < len; i++) differ |= (unsigned char)(s[i] ^ settings.acl_secret[i]);
    return differ == 0;
}

int is_internal(const char *user, size_t len) {
    size_t n = strlen(settings.internal_prefix);
    return len >= n && memcmp(user, settings.internal_prefix, n) == 0;
}

int word_is(const char *word, size_t len, const char *want) {
    return len == strlen(want) && memcmp(word, want, len) == 0;
}
