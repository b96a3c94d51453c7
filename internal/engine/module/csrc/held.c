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
    char fingerprint[FINGERPRINT_LEN];
    unsigned char digest[SHA256_DIGEST];
};

/* More users than this are not ours: a set has two tokens. */
#define HELD 64
static struct held held[HELD];
static int held_count;
static int passwordless, restore_allowed;
static int held_dirty = 1;

void acl_may_change(void) { held_dirty = 1; }

int is_passwordless(void) { return passwordless; }

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
        else if (word > 1 && *s == '#' && n == 1 + DIGEST_HEX && on && held_count < HELD &&
                 name_len == TOKEN_USER_LEN &&
                 memcmp(name, TOKEN_PREFIX, TOKEN_PREFIX_LEN) == 0 &&
                 read_digest(s + 1, held[held_count].digest)) {
            memcpy(held[held_count].fingerprint, name + TOKEN_PREFIX_LEN, FINGERPRINT_LEN);
            held_count++;
        }
    }
    if (!name) return;
    if (word_is(name, name_len, "default")) passwordless = on && nopass;
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
        held_count = restore_allowed = 0;
        held_dirty = 0;
        for (size_t i = 0; i < RedisModule_CallReplyLength(reply); i++) {
            size_t len;
            const char *line =
                RedisModule_CallReplyStringPtr(RedisModule_CallReplyArrayElement(reply, i), &len);
            if (line) note_rules(line, len);
        }
        if (passwordless) usage->credentials[NONE].touched = now_ms();
        keep_credentials(held[0].fingerprint, sizeof(held[0]), held_count, FINGERPRINT_LEN);
    }
    RedisModule_FreeCallReply(reply);
}

int is_held(const unsigned char digest[SHA256_DIGEST]) {
    int found = 0;
    for (int i = 0; i < held_count; i++) {
        unsigned char differ = 0;
        for (int k = 0; k < SHA256_DIGEST; k++)
            differ |= (unsigned char)(digest[k] ^ held[i].digest[k]);
        found |= differ == 0;
    }
    return found;
}
