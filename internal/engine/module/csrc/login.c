#include "login.h"

#include <string.h>

#include "clock.h"
#include "count.h"
#include "engine.h"
#include "held.h"
#include "lifecycle.h"
#include "names.h"
#include "settings.h"

/* Nobody can be called this: the engine refuses user names with a space in them. */
#define NOBODY TOKEN_PREFIX " refused"

/* Longer passwords are refused unread. A token has at most 128 bytes, and a client that got
 * in without one could otherwise have the engine hash half a gigabyte. */
#define MAX_PASSWORD 4096

/* login is what the engine will make of one pair of user and password. */
struct login {
    int counts;                       /* it is a client's, with a token, or as a user that there is or was */
    int accepted;                     /* of ours, as far as the filter can know */
    char credential[CREDENTIAL_NAME]; /* empty when it is nobody's */
    RedisModuleString *user;          /* who it is sent to instead, for the engine to own, or NULL */
};

/* Before 7.2 engines pass a command that CLIENT PAUSE had postponed through the filter a second time. The user of what
 * has been counted is known again by the identity of the string, so that it is not counted twice: the
 * last ones are kept from being freed. */
#define COUNTED 128
static RedisModuleString *counted[COUNTED];
static unsigned counted_next;

static void remember_counted(RedisModuleString *user) {
    if (filters_once) return;
    RedisModuleString **place = &counted[counted_next++ % COUNTED];
    if (*place) RedisModule_FreeString(NULL, *place);
    RedisModule_RetainString(NULL, user);
    *place = user;
}

static int was_counted(const RedisModuleString *user) {
    if (filters_once) return 0;
    for (int i = 0; i < COUNTED; i++)
        if (counted[i] == user) return 1;
    return 0;
}

static RedisModuleString *write_user(const char *name, size_t len) {
    RedisModuleString *user = RedisModule_CreateString(NULL, name, len);
    remember_counted(user);
    return user;
}

/* judge_password finishes a login that is ours to send to its token's user. named is what the
 * client wrote itself: a name that begins with "token:" stays only where we would have
 * written the same, as whoever can write it knows the token. */
static void judge_password(struct login *l, const RedisModuleString *password, const char *named,
                           size_t named_len) {
    size_t len;
    const char *pw = RedisModule_StringPtrLen(password, &len);
    unsigned char digest[SHA256_DIGEST];
    char user[TOKEN_USER_LEN];

    if (len > MAX_PASSWORD) {
        l->user = write_user(NOBODY, sizeof(NOBODY) - 1);
        return;
    }
    sha256(pw, len, digest);
    memcpy(user, TOKEN_PREFIX, TOKEN_PREFIX_LEN);
    write_fingerprint(digest, user + TOKEN_PREFIX_LEN);
    if (named && (named_len != TOKEN_USER_LEN || memcmp(named, user, TOKEN_USER_LEN) != 0)) {
        l->user = write_user(NOBODY, sizeof(NOBODY) - 1);
    } else {
        l->user = write_user(user, TOKEN_USER_LEN);
        if (settings.counting) refresh_held();
        l->accepted = settings.counting && is_held(digest);
        memcpy(l->credential, user + TOKEN_PREFIX_LEN, FINGERPRINT_LEN);
    }
    wipe(digest, sizeof(digest));
}

/* judge_user is for a login that the engine decides as it is. A wrong password of a user that there is counts for
 * the user, and one that it once had for that. */
static void judge_user(struct login *l, RedisModuleString *user, const RedisModuleString *password) {
    char itself[CREDENTIAL_NAME];
    unsigned char digest[SHA256_DIGEST];
    size_t name_len, len;
    const char *name = RedisModule_StringPtrLen(user, &name_len);
    const char *pw = RedisModule_StringPtrLen(password, &len);

    /* Nobody has a longer name, and hashing takes as long as a name is. */
    if (!settings.counting || name_len >= USER_NAME || was_counted(user)) return;
    refresh_held();
    name_user(name, name_len, itself);
    memcpy(l->credential, itself, CREDENTIAL_NAME);
    if (len <= MAX_PASSWORD) {
        char fingerprint[FINGERPRINT_LEN];
        sha256(pw, len, digest);
        write_fingerprint(digest, fingerprint);
        name_password(fingerprint, l->credential);
        l->accepted = is_users_password(itself, digest);
        wipe(digest, sizeof(digest));
    }
    int is_known = find_credential(l->credential) >= 0;
    if (!is_known) memcpy(l->credential, itself, CREDENTIAL_NAME);
    l->counts = is_known || is_user(itself);
    if (l->counts) remember_counted(user);
}

/* judge_login decides where a login goes. user is NULL for a login that names none. The service's own
 * proofs name the ACL secret: they are sent where a client's go, and do not count. */
static struct login judge_login(RedisModuleString *user, const RedisModuleString *password) {
    struct login l = {0};
    size_t len = 0;
    const char *name = user ? RedisModule_StringPtrLen(user, &len) : NULL;

    if (!name || word_is(name, len, "default")) {
        l.counts = 1;
        judge_password(&l, password, NULL, 0);
    } else if (len >= TOKEN_PREFIX_LEN && memcmp(name, TOKEN_PREFIX, TOKEN_PREFIX_LEN) == 0) {
        if (was_counted(user)) return l;
        l.counts = 1;
        judge_password(&l, password, name, len);
    } else if (is_acl_secret(user)) {
        judge_password(&l, password, NULL, 0);
    } else if (is_internal(name, len)) {
        l.accepted = 1; /* one of the service is rarely refused, and costs nothing if so */
    } else {
        judge_user(&l, user, password);
    }
    return l;
}

/* count_login counts before the engine has looked at the login: see doc.go for what can still
 * become of it. A script cannot log in, and its client has no connection. */
static void count_login(RedisModuleCommandFilterCtx *cmd, const struct login *l) {
    struct connection *by = NULL;
    if (!settings.counting) return;
    if (RedisModule_CommandFilterGetClientId) {
        by = find_connection(RedisModule_CommandFilterGetClientId(cmd));
        if (!by) return;
    } else if (RedisModule_GetContextFlags(NULL) & REDISMODULE_CTX_FLAGS_LUA) {
        return;
    }
    if (l->accepted) {
        if (by) leave_none_open(by);
        else if (usage->none_open > 0) usage->none_open--;
    }
    if (!l->counts) return;

    int64_t now = now_ms();
    int at = l->credential[0] ? place_of_users(l->credential) : -1;
    struct credential *c = &usage->credentials[at < 0 ? UNKNOWN : at];
    if (l->accepted) {
        count_use(c, now, now);
        if (by) copy_word(by->password, fingerprint_of(l->credential), sizeof(by->password));
        return;
    }
    count_refusal(c, now);
    if (by) by->tried = 1;
    if (by && at >= 0) client_on(by, c->name, now)->refused++;
}

/* filter_named_login rewrites the user at pos; its password follows it. */
static struct login filter_named_login(RedisModuleCommandFilterCtx *cmd, int pos) {
    struct login l = judge_login(RedisModule_CommandFilterArgGet(cmd, pos),
                                 RedisModule_CommandFilterArgGet(cmd, pos + 1));
    if (l.user) RedisModule_CommandFilterArgReplace(cmd, pos, l.user);
    return l;
}

/* AUTH password | AUTH user password. Any other arity is the engine's to refuse.
 *
 * Redis 6.2 keeps one argument vector for the commands of all scripts and does not notice that
 * inserting makes it smaller: the next long command would write past its end. A script cannot
 * log in anyway. */
void filter_auth(RedisModuleCommandFilterCtx *cmd) {
    int argc = RedisModule_CommandFilterArgsCount(cmd);
    struct login l;
    if (argc == 2) {
        if (!since_7_0 && RedisModule_GetContextFlags(NULL) & REDISMODULE_CTX_FLAGS_LUA) return;
        l = judge_login(NULL, RedisModule_CommandFilterArgGet(cmd, 1));
        RedisModule_CommandFilterArgInsert(cmd, 1, l.user);
        count_login(cmd, &l);
    } else if (argc == 3) {
        l = filter_named_login(cmd, 1);
        count_login(cmd, &l);
    }
}

/* can_name_client says whether HELLO goes on after SETNAME with this name. */
static int can_name_client(const RedisModuleString *arg) {
    size_t len;
    const char *s = RedisModule_StringPtrLen(arg, &len);
    for (size_t i = 0; i < len; i++)
        if (s[i] < '!' || s[i] > '~') return 0;
    return 1;
}

/* HELLO [version [AUTH user password] [SETNAME name]]. Every AUTH is rewritten, however the engine
 * reads on. Up to Redis 7.0 it acts on one option after the other, and ends at the first
 * that it refuses. Later ones read them all, and then take the last AUTH. */
void filter_hello(RedisModuleCommandFilterCtx *cmd) {
    int argc = RedisModule_CommandFilterArgsCount(cmd), alive = 1;
    struct login last = {0};
    if (argc > 2) {
        const RedisModuleString *version = RedisModule_CommandFilterArgGet(cmd, 1);
        alive = is_exactly(version, "2") || is_exactly(version, "3");
    }
    for (int i = 2; i < argc; i++) {
        RedisModuleString *option = RedisModule_CommandFilterArgGet(cmd, i);
        int more = argc - 1 - i;
        if (reads_as(option, "AUTH") && more >= 2) {
            last = filter_named_login(cmd, i + 1);
            if (alive && !filters_once) {
                count_login(cmd, &last);
                alive = last.accepted || !last.counts;
            }
            i += 2;
        } else if (reads_as(option, "SETNAME") && more >= 1) {
            alive = alive && can_name_client(RedisModule_CommandFilterArgGet(cmd, i + 1));
            i++;
        } else {
            return;
        }
    }
    if (alive && filters_once) count_login(cmd, &last);
}
