#include "rename.h"

#include <string.h>

#include "engine.h"
#include "lifecycle.h"
#include "words.h"

#define GIVEN_UP (-1) /* the value of an old name; that of a new one says which of the originals it stands for */

/* renaming is the pairs in force, or those that are being read. */
struct renaming {
    RedisModuleString *text;
    RedisModuleString *originals[MOST_RENAMES];
    int count;
    struct words names;
};

static struct renaming in_force;

RedisModuleString *renames(void) { return in_force.text; }

static void forget(struct renaming *r) {
    for (int i = 0; i < r->count; i++) RedisModule_FreeString(NULL, r->originals[i]);
    if (r->text) RedisModule_FreeString(NULL, r->text);
    free_words(&r->names);
}

/* is_known asks the engine, which may have more commands than the control plane knows of. */
static int is_known(const char *name, size_t len) {
    RedisModuleCallReply *found = RedisModule_Call(own_ctx, "COMMAND", "cb", "INFO", name, len);
    int known = is_type(found, REDISMODULE_REPLY_ARRAY) && RedisModule_CallReplyLength(found) == 1 &&
                !is_type(RedisModule_CallReplyArrayElement(found, 0), REDISMODULE_REPLY_NULL);
    if (found) RedisModule_FreeCallReply(found);
    return known;
}

/* next_word goes on to the next word; len is 0 after the last. */
static const char *next_word(const char *at, const char *end, size_t *len) {
    while (at < end && *at == ' ') at++;
    const char *stop = at;
    while (stop < end && *stop != ' ') stop++;
    *len = (size_t)(stop - at);
    return at;
}

/* read_pairs stops at the first fault, which is about a word. */
static const char *read_pairs(struct renaming *r, const char *at, const char *end, const char **about, size_t *about_len) {
    for (;;) {
        size_t old_len, new_len;
        const char *old_name = next_word(at, end, &old_len);
        const char *new_name = next_word(old_name + old_len, end, &new_len);
        *about = old_name, *about_len = old_len;
        if (!old_len) return NULL;
        if (!new_len) return "has no new name";
        if (r->count == MOST_RENAMES) return "is one more than can be renamed";
        if (!add_word(&r->names, old_name, old_len, GIVEN_UP)) return "cannot be renamed so, or is there twice";
        r->originals[r->count++] = RedisModule_CreateString(NULL, old_name, old_len);
        *about = new_name, *about_len = new_len;
        if (is_known(new_name, new_len)) return "is a command of the engine";
        if (!add_word(&r->names, new_name, new_len, r->count - 1)) return "cannot be a name, or is there twice";
        at = new_name + new_len;
    }
}

const char *set_renames(RedisModuleString *pairs, const char **about, size_t *about_len) {
    size_t len;
    const char *s = RedisModule_StringPtrLen(pairs, &len);
    size_t most = len / 2 + 1 < 2 * MOST_RENAMES ? len / 2 + 1 : 2 * MOST_RENAMES;
    struct renaming next = {.text = pairs, .names = new_words(most)};
    RedisModule_RetainString(NULL, pairs);
    const char *wrong = read_pairs(&next, s, s + len, about, about_len);
    if (wrong) {
        forget(&next);
        return wrong;
    }
    forget(&in_force);
    in_force = next;
    return NULL;
}

/* give_up has the engine not know a command, and call it by its name. Up to a NUL it is that name; with what is behind, the engine's table
 * has no such word, unless that happens to be in the bucket of the command, which the engine says (see reads_as). No name has a blank. */
static void give_up(RedisModuleCommandFilterCtx *cmd, const char *name) {
    char unknown[WORD_SIZE + 2] = "";
    size_t len = strnlen(name, WORD_SIZE), tries = 0;
    memcpy(unknown, name, len);
    do unknown[len + 1] = (char)('a' + tries);
    while (is_known(unknown, len + 2) && ++tries < 26);
    if (tries == 26) unknown[len] = ' ';
    RedisModule_CommandFilterArgReplace(cmd, 0, RedisModule_CreateString(NULL, unknown, len + 2));
}

int rename_command(RedisModuleCommandFilterCtx *cmd) {
    if (!in_force.count) return 1;
    size_t len;
    const char *name = RedisModule_StringPtrLen(RedisModule_CommandFilterArgGet(cmd, 0), &len);
    const struct known_word *w = find_word(&in_force.names, name, len);
    const struct connection *c = w ? find_connection(RedisModule_CommandFilterGetClientId(cmd)) : NULL;
    if (!c || !is_of_client(c)) return 1;
    if (w->value == GIVEN_UP) {
        give_up(cmd, name);
        return 0;
    }
    if (strlen(w->name) != len) return 1; /* there is something behind a NUL */
    RedisModule_RetainString(NULL, in_force.originals[w->value]);
    RedisModule_CommandFilterArgReplace(cmd, 0, in_force.originals[w->value]);
    return 1;
}
