#include "lifecycle.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "count.h"
#include "engine.h"
#include "gate/gate.h"
#include "gate/tcp.h"
#include "held.h"
#include "lines.h"
#include "names.h"
#include "service.h"

static void read_ip(const char *text, unsigned char ip[16]) {
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    memset(ip, 0, 16);
    if (inet_pton(AF_INET, text, ip + 12) == 1) memcpy(ip, mapped, 12);
    else inet_pton(AF_INET6, text, ip);
}

static void write_ip(const unsigned char ip[16], char text[CLIENT_ADDRESS]) {
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    int v4 = memcmp(ip, mapped, 12) == 0;
    if (!inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? ip + 12 : ip, text, CLIENT_ADDRESS)) *text = 0;
}

/* clean_name copies a client's name as it can stand in a report. Engines allow none but these
 * characters in names; that is not ours to rely on. */
static void clean_name(const char *s, size_t len, char name[CLIENT_NAME]) {
    if (len >= CLIENT_NAME) len = CLIENT_NAME - 1;
    for (size_t i = 0; i < len; i++) name[i] = s[i] >= '!' && s[i] <= '~' ? s[i] : '?';
    name[len] = 0;
}

struct client *client_on(const struct connection *c, const char *credential, int64_t now) {
    char address[CLIENT_ADDRESS], name[CLIENT_NAME] = "";
    write_ip(c->ip, address);
    RedisModuleString *s =
        RedisModule_GetClientNameById ? RedisModule_GetClientNameById(own_ctx, c->id) : NULL;
    if (s) {
        size_t len;
        const char *text = RedisModule_StringPtrLen(s, &len);
        clean_name(text, len, name);
        RedisModule_FreeString(own_ctx, s);
    }
    struct client *k = client_of(credential, address, name, now);
    k->last = now;
    return k;
}

int user_named(uint64_t id, char user[USER_NAME]) {
    size_t len;
    RedisModuleString *s = RedisModule_GetClientUserNameById(own_ctx, id);
    if (!s) return 0;
    const char *text = RedisModule_StringPtrLen(s, &len);
    int fits = len < USER_NAME && memchr(text, 0, len) == NULL;
    if (fits) {
        memcpy(user, text, len);
        user[len] = 0;
    }
    RedisModule_FreeString(own_ctx, s);
    return fits;
}

void leave_none_open(struct connection *c) {
    if (c->open_none && usage->none_open > 0) usage->none_open--;
    c->open_none = 0;
}

/* Redis 7.0 does not tell a filter who logs in: there a login is taken off none_open at once,
 * and its connection keeps the mark. */
static void leave_at_end(struct connection *c, int is_default) {
    if (RedisModule_CommandFilterGetClientId || is_default) leave_none_open(c);
}

uint8_t is_let_in(const struct connection *c) { return c->none || is_passwordless(); }

/* What a connection came for, as far as its last command tells. usage.go judges the live ones the same way. */
enum purpose {
    NOTHING,  /* nothing ever came, as from a health check that only connects */
    TO_ENTER, /* to log in, or a word that is no command */
    TO_ASK,
};

/* read_purpose reads a line of CLIENT LIST. An engine that does not know the last command calls it NULL; where it
 * has not counted the bytes either (before Valkey 8.0), the time of the last ones may tell. */
static enum purpose read_purpose(const char *line, size_t len) {
    static const char *const entering[] = {"auth", "hello", "reset"};
    size_t n, idle_len, age_len;
    const char *cmd = find_field(line, len, " cmd=", &n);
    if (!cmd) return TO_ENTER;
    if (word_is(cmd, n, "NULL")) {
        const char *in = find_field(line, len, " tot-net-in=", &n);
        if (in) return word_is(in, n, "0") ? NOTHING : TO_ENTER;
        const char *idle = find_field(line, len, " idle=", &idle_len);
        const char *age = find_field(line, len, " age=", &age_len);
        return idle && age && !(idle_len == age_len && memcmp(idle, age, age_len) == 0) ? TO_ENTER
                                                                                        : NOTHING;
    }
    for (size_t i = 0; i < sizeof(entering) / sizeof(*entering); i++)
        if (word_is(cmd, n, entering[i])) return TO_ENTER;
    return TO_ASK;
}

/* purpose_of asks the engine, which still knows a connection when it tells of its end. */
static enum purpose purpose_of(const struct connection *c) {
    enum purpose purpose = TO_ENTER;
    RedisModuleCallReply *reply =
        RedisModule_Call(own_ctx, "CLIENT", "ccl", "LIST", "ID", (long long)c->id);
    if (!reply) return purpose;
    if (RedisModule_CallReplyType(reply) == REDISMODULE_REPLY_STRING) {
        size_t len;
        const char *line = RedisModule_CallReplyStringPtr(reply, &len);
        if (line) purpose = read_purpose(line, len);
    }
    RedisModule_FreeCallReply(reply);
    return purpose;
}

/* came_for_nothing says whether nothing ever came. Of a connection in plaintext the system knows: to ask the engine takes as long as a tenth of all
 * that a connection costs it. The end of what comes counts as a byte (tcp_input.c, tcp_fin). */
static int came_for_nothing(const struct connection *c) {
    struct tcp_info info;
    socklen_t len = sizeof(info);
    if (c->file >= 0 && getsockopt(c->file, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 &&
        len >= offsetof(struct tcp_info, tcpi_bytes_received) + sizeof(info.tcpi_bytes_received))
        return info.tcpi_bytes_received <= 1;
    return purpose_of(c) == NOTHING;
}

/* Whether a connection is let in without a token is decided when the engine makes it, and of one over TLS the module hears
 * only when its handshake is over. The engine counts as it makes them: with a lower number than one that was certainly
 * made since access without a token ended, it may have been let in. */
static uint64_t since_none;       /* the lowest such number; 0: there was none yet */
static unsigned since_none_ended; /* which end that is */

void connection_made(uint64_t id) {
    refresh_held();
    if (since_none_ended == none_ended()) return;
    since_none_ended = none_ended();
    since_none = id;
}

int may_be_let_in(const struct connection *c) {
    return !c->plaintext && none_ended() && (since_none_ended != none_ended() || c->id < since_none);
}

/* lacked_token says whether a connection that ends without a token, which one was asked of, is that of a
 * client that came as it did before: without any. */
static int lacked_token(const struct connection *c) {
    return none_was_held() && !c->tried && !may_be_let_in(c) && purpose_of(c) == TO_ASK;
}

void connection_opened(const RedisModuleClientInfo *info) {
    refresh_held();
    struct connection *c = add_connection(info->id);
    read_ip(info->addr, c->ip);
    c->opened = (uint32_t)(now_ms() / 1000);
    c->none = c->open_none = (uint8_t)is_passwordless();
    usage->none_open += c->open_none;
    c->plaintext = !(info->flags & REDISMODULE_CLIENTINFO_FLAG_SSL);
    c->file = c->plaintext ? gate_last_given() : -1;
    if (c->plaintext) connection_made(info->id);
}

int is_clients_user(const char *user) { return !is_internal(user, strlen(user)); }

/* The engine does not say by which password somebody became a user. */
int credential_of(const struct connection *c, const char *user) {
    char itself[CREDENTIAL_NAME];
    if (strncmp(user, TOKEN_PREFIX, TOKEN_PREFIX_LEN) == 0) return find_credential(user + TOKEN_PREFIX_LEN);
    name_user(user, strlen(user), itself);
    const char *only = only_password(itself);
    if (c->password[0]) name_password(c->password, itself);
    else if (only) return place_of_users(only);
    return place_of_users(itself);
}

/* count_closed counts the end of a connection for what it used. */
static void count_closed(const struct connection *c, struct credential *of, int64_t now) {
    int64_t opened = (int64_t)c->opened * 1000;
    struct client *k = client_on(c, of->name, now);
    of->closed++;
    of->touched = now;
    if (now > of->last_used) of->last_used = now;
    k->closed++;
    if (opened < k->first) k->first = opened;
}

/* count_connection is for what is used by being connected, NONE and plaintext. */
static void count_connection(const struct connection *c, struct credential *of, int64_t now) {
    int64_t opened = (int64_t)c->opened * 1000;
    count_use(of, opened < now ? opened : now, now);
    count_closed(c, of, now);
}

static void count_end(struct connection *c) {
    char user[USER_NAME];
    struct credential *of = NULL;
    int64_t now = now_ms();
    refresh_held();
    int known = user_named(c->id, user);
    int is_default = known && strcmp(user, "default") == 0;
    int let_in = is_default && is_let_in(c);
    int is_clients = known && is_clients_user(user);
    int in_plaintext = is_clients && c->plaintext;
    int came_for_something = (let_in || in_plaintext) && !came_for_nothing(c);
    if (let_in && came_for_something) {
        count_connection(c, &usage->credentials[NONE], now);
    } else if (is_clients && !is_default) {
        int at = credential_of(c, user);
        if (at >= 0) of = &usage->credentials[at];
    }
    struct credential *plaintext = in_plaintext && came_for_something ? plaintext_use() : NULL;
    if (plaintext) count_connection(c, plaintext, now);
    leave_at_end(c, is_default);
    if (is_default && !let_in && lacked_token(c)) {
        struct credential *none = &usage->credentials[NONE];
        count_refusal(none, now);
        client_on(c, none->name, now)->refused++;
    }
    if (of) count_closed(c, of, now);
}

void connection_closed(uint64_t id) {
    struct connection *c = find_connection(id);
    if (!c) return;
    count_end(c);
    remove_connection(c);
}

void end_connection(uint64_t id) {
    connection_closed(id);
    RedisModule_DeauthenticateAndCloseClient(own_ctx, id);
}

int is_of_client(const struct connection *c) {
    size_t len;
    RedisModuleString *user = is_nodes_ip(c->ip) ? NULL : RedisModule_GetClientUserNameById(own_ctx, c->id);
    if (!user) return 0;
    const char *name = RedisModule_StringPtrLen(user, &len);
    int internal = is_internal(name, len);
    RedisModule_FreeString(own_ctx, user);
    return !internal;
}
