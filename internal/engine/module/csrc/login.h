/* Which ACL user a login is sent to. */
#ifndef AIKAGI_LOGIN_H
#define AIKAGI_LOGIN_H

#include "names.h"
#include "sha256.h"

#define TOKEN_PREFIX "token:"
#define TOKEN_PREFIX_LEN (sizeof(TOKEN_PREFIX) - 1)
#define FINGERPRINT_BYTES 6
#define TOKEN_USER_LEN (TOKEN_PREFIX_LEN + 2 * FINGERPRINT_BYTES)

/* Nobody can be called this: the engine refuses user names with a space in them. */
#define NOBODY TOKEN_PREFIX " refused"

/* Longer passwords are refused unread. A token has at most 128 bytes, and a client that got
 * in without one could otherwise have the engine hash half a gigabyte. */
#define MAX_PASSWORD 4096

/* token_user writes the name of the ACL user that holds this password. */
static void token_user(const char *password, size_t len, char user[TOKEN_USER_LEN]) {
    static const char hex[] = "0123456789abcdef";
    unsigned char digest[SHA256_DIGEST];

    sha256(password, len, digest);
    memcpy(user, TOKEN_PREFIX, TOKEN_PREFIX_LEN);
    for (size_t i = 0; i < FINGERPRINT_BYTES; i++) {
        user[TOKEN_PREFIX_LEN + 2 * i] = hex[digest[i] >> 4];
        user[TOKEN_PREFIX_LEN + 2 * i + 1] = hex[digest[i] & 15];
    }
    wipe(digest, sizeof(digest));
}

/* login_user returns the user that this login is sent to instead, for the engine to own, or
 * NULL to leave the name as it is. user is NULL for a login that names none.
 *
 * A name that begins with "token:" stays only where we would have written the same: Redis
 * 7.0 passes a command that CLIENT PAUSE had postponed through the filter a second time, so
 * rewriting has to be idempotent. Whoever can write that name knows the token. */
static RedisModuleString *login_user(const RedisModuleString *user,
                                     const RedisModuleString *password) {
    size_t name_len = 0, len;
    const char *name = user ? RedisModule_StringPtrLen(user, &name_len) : NULL;
    const char *pw = RedisModule_StringPtrLen(password, &len);
    char expected[TOKEN_USER_LEN];

    int is_default = !name || (name_len == 7 && memcmp(name, "default", 7) == 0);
    int is_token = name && name_len >= TOKEN_PREFIX_LEN &&
                   memcmp(name, TOKEN_PREFIX, TOKEN_PREFIX_LEN) == 0;
    if (!is_default && !is_token) return NULL;
    if (len > MAX_PASSWORD) return RedisModule_CreateString(NULL, NOBODY, sizeof(NOBODY) - 1);

    token_user(pw, len, expected);
    if (is_default) return RedisModule_CreateString(NULL, expected, TOKEN_USER_LEN);
    if (name_len == TOKEN_USER_LEN && memcmp(name, expected, TOKEN_USER_LEN) == 0) return NULL;
    return RedisModule_CreateString(NULL, NOBODY, sizeof(NOBODY) - 1);
}

/* filter_named_login rewrites the user at pos; its password follows it. */
static void filter_named_login(RedisModuleCommandFilterCtx *cmd, int pos) {
    RedisModuleString *user = login_user(RedisModule_CommandFilterArgGet(cmd, pos),
                                         RedisModule_CommandFilterArgGet(cmd, pos + 1));
    if (user) RedisModule_CommandFilterArgReplace(cmd, pos, user);
}

/* AUTH password | AUTH user password. Any other arity is the engine's to refuse.
 *
 * Redis 6.2 keeps one argument vector for the commands of all scripts and does not notice that
 * inserting makes it smaller: the next long command would write past its end. A script cannot
 * log in anyway. */
static void filter_auth(RedisModuleCommandFilterCtx *cmd) {
    int argc = RedisModule_CommandFilterArgsCount(cmd);
    if (argc == 2) {
        if (!since_7_0 && RedisModule_GetContextFlags(NULL) & REDISMODULE_CTX_FLAGS_LUA) return;
        RedisModuleString *user = login_user(NULL, RedisModule_CommandFilterArgGet(cmd, 1));
        RedisModule_CommandFilterArgInsert(cmd, 1, user);
    } else if (argc == 3) {
        filter_named_login(cmd, 1);
    }
}

/* HELLO [version [AUTH user password] [SETNAME name]]. Of several AUTHs Redis 7.0 takes each
 * and later engines the last, so each is rewritten; an option that it does not know ends in
 * its syntax error. */
static void filter_hello(RedisModuleCommandFilterCtx *cmd) {
    int argc = RedisModule_CommandFilterArgsCount(cmd);
    for (int i = 2; i < argc; i++) {
        RedisModuleString *option = RedisModule_CommandFilterArgGet(cmd, i);
        int more = argc - 1 - i;
        if (reads_as(option, "AUTH") && more >= 2) {
            filter_named_login(cmd, i + 1);
            i += 2;
        } else if (reads_as(option, "SETNAME") && more >= 1) {
            i++;
        } else {
            return;
        }
    }
}

#endif
