#include "writers.h"

#include <string.h>

#include "engine.h"
#include "held.h"
#include "lifecycle.h"
#include "lines.h"
#include "names.h"
#include "words.h"

#define FIRST_LOOK_AT_WRITER_MS 1
#define LAST_LOOK_AT_WRITER_MS 1024
#define SUBCOMMANDS 0 /* in the place of an arity, which is never 0 */
#define MOST_WRITES 256

static struct words writes; /* the arity of each, by its name as the engine lists it: "set", "xgroup|create" */
static int has_redirects;   /* the engine knows CLIENT CAPA */
static int is_replica, closing = 1;

void close_writers(int on) { closing = on; }

int are_writers_closed(void) { return closing; }

/* --- which commands write */

static int has_element(RedisModuleCallReply *list, const char *want) {
    for (size_t i = 0; is_type(list, REDISMODULE_REPLY_ARRAY) && i < RedisModule_CallReplyLength(list); i++) {
        size_t len;
        const char *s = reply_text(RedisModule_CallReplyArrayElement(list, i), &len);
        if (s && word_is(s, len, want)) return 1;
    }
    return 0;
}

/* note_command reads what COMMAND says of one: name, arity, flags, and last of all its subcommands, in the same form. */
static int note_command(RedisModuleCallReply *command) {
    size_t n = RedisModule_CallReplyLength(command), len;
    if (!is_type(command, REDISMODULE_REPLY_ARRAY) || n < 3) return 0;
    const char *name = reply_text(RedisModule_CallReplyArrayElement(command, 0), &len);
    if (!name) return 0;
    if (word_is(name, len, "client|capa")) has_redirects = 1;

    int contains = 0;
    RedisModuleCallReply *contained = n > 9 ? RedisModule_CallReplyArrayElement(command, 9) : NULL;
    for (size_t i = 0; is_type(contained, REDISMODULE_REPLY_ARRAY) && i < RedisModule_CallReplyLength(contained); i++)
        contains |= note_command(RedisModule_CallReplyArrayElement(contained, i));
    if (contains) return add_word(&writes, name, len, SUBCOMMANDS);
    if (!has_element(RedisModule_CallReplyArrayElement(command, 2), "write")) return 0;
    return add_word(&writes, name, len,
                    (int)RedisModule_CallReplyInteger(RedisModule_CallReplyArrayElement(command, 1)));
}

static void on_role_change(RedisModuleCtx *ctx, RedisModuleEvent event, uint64_t role, void *data) {
    (void)ctx;
    (void)event;
    (void)data;
    is_replica = role == REDISMODULE_SUBEVENT_ROLE_NOW_REPLICA;
}

int start_writers(RedisModuleCtx *ctx) {
    const RedisModuleEvent role_change = {REDISMODULE_EVENT_ROLE_CHANGE, 1};
    RedisModuleCallReply *all = RedisModule_Call(ctx, "COMMAND", "");
    int known = is_type(all, REDISMODULE_REPLY_ARRAY);
    writes = new_words(MOST_WRITES);
    for (size_t i = 0; known && i < RedisModule_CallReplyLength(all); i++)
        note_command(RedisModule_CallReplyArrayElement(all, i));
    if (all) RedisModule_FreeCallReply(all);
    is_replica = (RedisModule_GetContextFlags(ctx) & REDISMODULE_CTX_FLAGS_REPLICA) != 0;
    return known && RedisModule_SubscribeToServerEvent(ctx, role_change, on_role_change) == REDISMODULE_OK;
}

/* --- what the engine will say */

/* find_write returns the arity of a command that writes, or 0. */
static int find_write(RedisModuleCommandFilterCtx *cmd) {
    size_t len, sub_len;
    char name[2 * WORD_SIZE];
    const char *s = RedisModule_StringPtrLen(RedisModule_CommandFilterArgGet(cmd, 0), &len), *sub;
    const struct known_word *w = find_word(&writes, s, len);
    if (!w || w->value != SUBCOMMANDS) return w ? w->value : 0;
    if (RedisModule_CommandFilterArgsCount(cmd) < 2) return 0;
    sub = RedisModule_StringPtrLen(RedisModule_CommandFilterArgGet(cmd, 1), &sub_len);
    len = strlen(w->name);
    sub_len = strnlen(sub, sub_len < WORD_SIZE ? sub_len : WORD_SIZE);
    memcpy(name, w->name, len);
    name[len] = '|';
    memcpy(name + len + 1, sub, sub_len);
    w = find_word(&writes, name, len + 1 + sub_len);
    return w ? w->value : 0;
}

/* is_permitted asks what the engine asks itself before it says READONLY: a user who may not call the command is told NOPERM. */
static int is_permitted(const struct connection *c, RedisModuleCommandFilterCtx *cmd) {
    size_t len;
    int argc = RedisModule_CommandFilterArgsCount(cmd), permitted = 0;
    RedisModuleString *name = RedisModule_GetClientUserNameById(own_ctx, c->id);
    if (!name) return 0;
    const char *s = RedisModule_StringPtrLen(name, &len);
    refresh_held();
    RedisModuleUser *user =
        word_is(s, len, "default") && !is_let_in(c) ? NULL : RedisModule_GetModuleUserFromUserName(name);
    if (user) {
        RedisModuleString **argv = RedisModule_Alloc(sizeof(*argv) * (size_t)argc);
        for (int i = 0; i < argc; i++) argv[i] = RedisModule_CommandFilterArgGet(cmd, i);
        permitted = RedisModule_ACLCheckCommandPermissions(user, argv, argc) == REDISMODULE_OK;
        RedisModule_Free(argv);
        RedisModule_FreeModuleUser(user);
    }
    RedisModule_FreeString(own_ctx, name);
    return permitted;
}

/* --- closing */

struct writer {
    uint64_t id;
    int64_t ms; /* until the next look */
};

/* is_answered says whether the system has all that the engine had to say. The engine writes nothing any more to a connection that is
 * to be closed (handleClientsWithPendingWrites in networking.c), and writes at the beginning of the next round of its loop, which
 * may be after the timer. */
static int is_answered(uint64_t id) {
    size_t len;
    RedisModuleCallReply *reply = RedisModule_Call(own_ctx, "CLIENT", "ccl", "LIST", "ID", (long long)id);
    const char *line = reply ? reply_text(reply, &len) : NULL;
    int left = line && (field_number(line, len, " obl=") > 0 || field_number(line, len, " oll=") > 0);
    if (reply) RedisModule_FreeCallReply(reply);
    return !left;
}

/* close_writer closes a connection when it has its answer. One whose client does not read may take as long as it likes, so it is
 * looked at less and less often. */
static void close_writer(RedisModuleCtx *ctx, void *data) {
    struct writer *w = data;
    (void)ctx;
    if (find_connection(w->id) && !is_answered(w->id)) {
        if (w->ms < LAST_LOOK_AT_WRITER_MS) w->ms *= 2;
        RedisModule_CreateTimer(own_ctx, w->ms, close_writer, w);
        return;
    }
    if (find_connection(w->id)) end_connection(w->id);
    RedisModule_Free(w);
}

void watch_write(RedisModuleCommandFilterCtx *cmd) {
    if (!is_replica || !closing) return;
    struct connection *c = find_connection(RedisModule_CommandFilterGetClientId(cmd));
    if (!c || c->writer || c->redirects) return;
    int arity = find_write(cmd), argc = RedisModule_CommandFilterArgsCount(cmd);
    if (!arity || (arity > 0 ? argc != arity : argc < -arity)) return;
    if (!is_of_client(c) || !is_permitted(c, cmd)) return;
    c->writer = 1;
    struct writer *w = RedisModule_Alloc(sizeof(*w));
    *w = (struct writer){c->id, FIRST_LOOK_AT_WRITER_MS};
    RedisModule_CreateTimer(own_ctx, w->ms, close_writer, w);
}

void note_redirects(RedisModuleCommandFilterCtx *cmd) {
    struct connection *c = has_redirects ? find_connection(RedisModule_CommandFilterGetClientId(cmd)) : NULL;
    for (int i = 2; c && i < RedisModule_CommandFilterArgsCount(cmd); i++)
        if (reads_as(RedisModule_CommandFilterArgGet(cmd, i), "REDIRECT")) c->redirects = 1;
}
