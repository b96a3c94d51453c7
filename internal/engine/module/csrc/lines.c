#include "lines.h"

#include <stdlib.h>
#include <string.h>

int next_line(struct line *line, const char *text, size_t len) {
    const char *from = line->s ? line->s + line->len : text, *end = text + len;
    if (from >= end) return 0;
    const char *newline = memchr(from, '\n', (size_t)(end - from));
    line->s = from;
    line->len = (size_t)((newline ? newline + 1 : end) - from);
    return 1;
}

const char *find_field(const char *line, size_t len, const char *key, size_t *value_len) {
    const char *at = memmem(line, len, key, strlen(key));
    *value_len = 0;
    if (!at) return NULL;
    at += strlen(key);
    size_t rest = (size_t)(line + len - at), n = 0;
    while (n < rest && at[n] != ' ' && at[n] != '\r' && at[n] != '\n') n++;
    *value_len = n;
    return at;
}

int field_is(const char *line, size_t len, const char *key, const char *want, size_t want_len) {
    size_t n;
    const char *value = find_field(line, len, key, &n);
    return value && n == want_len && memcmp(value, want, n) == 0;
}

/* number reads the digits at s. strtoll would look for a NUL, which the engine does not promise. */
static long long number(const char *s, size_t len) {
    char digits[24] = "";
    if (len >= sizeof(digits)) return 0;
    memcpy(digits, s, len);
    return strtoll(digits, NULL, 10);
}

long long field_number(const char *line, size_t len, const char *key) {
    size_t n;
    const char *value = find_field(line, len, key, &n);
    return value ? number(value, n) : -1;
}

long long line_id(const struct line *line) {
    size_t n = 3;
    if (line->len < n || memcmp(line->s, "id=", n) != 0) return 0;
    while (n < line->len && line->s[n] >= '0' && line->s[n] <= '9') n++;
    return number(line->s + 3, n - 3);
}
