#include "held.h"

#include <string.h>

#include "clock.h"
#include "count.h"
#include "engine.h"
#include "names.h"
#include "settings.h"

#define RULES_USER "rules" /* after the internal prefix: nobody, whose rules say what clients may */
#define DIGEST_HEX (2 * SHA256_DIGEST)

struct held {
    char name[CREDENTIAL_NAME];
    char user[CREDENTIAL_NAME]; /* empty: it is a token; the same as name: it takes any password */
    unsigned char digest[SHA256_DIGEST];
};

/* A user group has 100 users at the most, each with two passwords, and a set two tokens. */
#define HELD 224
static struct held held[HELD];
static int held_count;
static int passwordless, restore_allowed;
static unsigned none_endings;
static int held_dirty = 1;

void acl_may_change(void) { held_dirty = 1; }

int is_passwordless(void) { return passwordless; }

unsigned none_ended(void) { return none_endings; }

int is_restore_allowed(void) { return restore_allowed; }

/* read_digest reads what the engine writes in hexadecimal. */
static int read_digest(const char *hex, unsigned char digest[SHA256_DIGEST]) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < SHA256_DIGEST; i++) {
        const char *high = memchr(digits, hex[2 * i], 16), *low = memchr(digits, hex[2 * i + 1], 16);
        if (!high || !low) return 0;
        digest[i] = (unsigned char)((high - digits) << 4 | (low - digits));
    }
    return 1;
}

static int is_clients(const char *name, size_t len) {
    return name && !is_internal(name, len) && !word_is(name, len, "default");
}

/* note_password enters a password of an account, or for NULL the account that takes any. */
static void note_password(const char *name, size_t len, const char *hex) {
    struct held *h = &held[held_count];
    if (held_count == HELD) return;
    memset(h, 0, sizeof(*h));
    if (hex && !read_digest(hex, h->digest)) return;
    if (len == TOKEN_USER_LEN && memcmp(name, TOKEN_PREFIX, TOKEN_PREFIX_LEN) == 0) {
        memcpy(h->name, name + TOKEN_PREFIX_LEN, FINGERPRINT_LEN);
    } else {
        char fingerprint[FINGERPRINT_LEN];
        write_fingerprint(h->digest, fingerprint);
        name_user(name, len, h->user);
        name_user(name, len, h->name);
        if (hex) name_password(fingerprint, h->name);
    }
    held_count++;
}

/* note_rules reads one line of ACL LIST: user NAME on|off [nopass] [#digest...] ... */
static void note_rules(const char *line, size_t len) {
    const char *end = line + len, *name = NULL;
    size_t name_len = 0;
    int on = 0, nopass = 0, restore = 0, word = 0;
    for (const char *s = line, *stop; s < end; s = stop + 1, word++) {
        stop = memchr(s, ' ', (size_t)(end - s));
        if (!stop) stop = end;
        size_t n = (size_t)(stop - s);
        if (word == 1) name = s, name_len = n;
        else if (word_is(s, n, "on")) on = 1;
        else if (word_is(s, n, "nopass")) nopass = 1;
        else if (word_is(s, n, "+restore")) restore = 1;
        else if (*s == '#' && n == 1 + DIGEST_HEX && on && is_clients(name, name_len))
            note_password(name, name_len, s + 1);
    }
    if (!name) return;
    if (word_is(name, name_len, "default")) passwordless = on && nopass;
    else if (on && nopass && is_clients(name, name_len)) note_password(name, name_len, NULL);
    if (is_internal(name, name_len) &&
        word_is(name + strlen(settings.internal_prefix), name_len - strlen(settings.internal_prefix), RULES_USER))
        restore_allowed = restore;
}

int none_was_held(void) { return usage->credentials[NONE].touched != 0; }

void refresh_held(void) {
    if (!held_dirty) return;
    RedisModuleCallReply *reply = RedisModule_Call(own_ctx, "ACL", "c", "LIST");
    if (!reply) return;
    if (RedisModule_CallReplyType(reply) == REDISMODULE_REPLY_ARRAY) {
        int was_passwordless = passwordless;
        held_count = restore_allowed = 0;
        held_dirty = 0;
        for (size_t i = 0; i < RedisModule_CallReplyLength(reply); i++) {
            size_t len;
            const char *line =
                RedisModule_CallReplyStringPtr(RedisModule_CallReplyArrayElement(reply, i), &len);
            if (line) note_rules(line, len);
        }
        if (passwordless) usage->credentials[NONE].touched = now_ms();
        none_endings += was_passwordless && !passwordless;
        keep_credentials(held[0].name, sizeof(held[0]), held_count);
    }
    RedisModule_FreeCallReply(reply);
}

/* is_password says whether it is held by a user, or by none. */
static int is_password(const char *user, const unsigned char digest[SHA256_DIGEST]) {
    int found = 0;
    for (int i = 0; i < held_count; i++) {
        unsigned char differ = 0;
        for (int k = 0; k < SHA256_DIGEST; k++)
            differ |= (unsigned char)(digest[k] ^ held[i].digest[k]);
        found |= differ == 0 && strcmp(held[i].user, user) == 0;
    }
    return found;
}

int is_held(const unsigned char digest[SHA256_DIGEST]) { return is_password("", digest); }

/* takes_any says of something held that it is a user who takes any password. */
static int takes_any(const struct held *h) { return strcmp(h->name, h->user) == 0; }

int is_users_password(const char *user, const unsigned char digest[SHA256_DIGEST]) {
    for (int i = 0; i < held_count; i++)
        if (takes_any(&held[i]) && strcmp(held[i].user, user) == 0) return 1;
    return is_password(user, digest);
}

int is_user(const char *user) {
    for (int i = 0; i < held_count; i++)
        if (strcmp(held[i].user, user) == 0) return *user != 0;
    return 0;
}

const char *only_password(const char *user) {
    const char *only = NULL;
    for (int i = 0; i < held_count; i++) {
        if (strcmp(held[i].user, user) != 0) continue;
        if (only) return NULL;
        only = held[i].name;
    }
    return only;
}
