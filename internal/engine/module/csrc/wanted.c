#include "wanted.h"

#include <stdlib.h>
#include <string.h>

#include "names.h"

/* ID takes several numbers in later engines. The filters of TYPE and of later engines are ones of CLIENT LIST, too. */
struct wanted read_wanted(RedisModuleString **argv, int argc, RedisModuleString **list) {
    struct wanted w = {.skip_me = 1, .list = list};
    int type = 0;
    for (int i = 2; i + 1 < argc; i += 2) {
        RedisModuleString *value = argv[i + 1];
        if (reads_as(argv[i], "ADDR")) w.address = value;
        else if (reads_as(argv[i], "LADDR")) w.local = value;
        else if (reads_as(argv[i], "USER")) w.user = value;
        else if (reads_as(argv[i], "SKIPME")) w.skip_me = reads_as(value, "YES");
        else if (reads_as(argv[i], "TYPE")) type = i;
        else if (reads_as(argv[i], "MAXAGE"))
            w.max_age = strtoll(RedisModule_StringPtrLen(value, NULL), NULL, 10);
        else if (reads_as(argv[i], "ID")) {
            w.ids = &argv[i + 1];
            w.ids_len = 1;
            while (i + 1 + w.ids_len < argc && is_number(argv[i + 1 + w.ids_len])) w.ids_len++;
            i += w.ids_len - 1;
        } else {
            w.list[w.list_len++] = argv[i];
            w.list[w.list_len++] = value;
        }
    }
    if (!type) return w;
    w.list[w.list_len++] = argv[type];
    w.list[w.list_len++] = argv[type + 1];
    return w;
}

static int line_has(const struct line *line, const char *key, const RedisModuleString *want) {
    size_t n;
    if (!want) return 1;
    const char *s = RedisModule_StringPtrLen(want, &n);
    return field_is(line->s, line->len, key, s, strlen(s) < n ? strlen(s) : n);
}

int is_wanted(const struct wanted *w, const struct line *line) {
    int found = !w->ids_len;
    for (int i = 0; i < w->ids_len; i++)
        found |= strtoll(RedisModule_StringPtrLen(w->ids[i], NULL), NULL, 10) == line_id(line);
    return found && line_has(line, " addr=", w->address) && line_has(line, " laddr=", w->local) &&
           line_has(line, " user=", w->user) &&
           (!w->max_age || field_number(line->s, line->len, " age=") >= w->max_age);
}
