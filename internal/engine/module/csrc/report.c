/* aikagi.usage: everything that was counted, as lines of words. doc.go documents them. */
#include <inttypes.h>
#include <string.h>

#include "clock.h"
#include "count.h"
#include "engine.h"
#include "gate/gate.h"
#include "handlers.h"
#include "held.h"
#include "lifecycle.h"
#include "names.h"
#include "service.h"
#include "standin.h"
#include "text.h"

#define USAGE_REPORT 1 /* the version of the format */

static void say_credential(struct text *t, const struct credential *c, int is_now_held,
                           int64_t now) {
    say(t,
        "credential %s held=%d authentications=%" PRIu64 " minute=%" PRIu64 " refused=%" PRIu64
        " closed=%" PRIu64 " first-used=%" PRId64 " last-used=%" PRId64 " first-refused=%" PRId64
        " last-refused=%" PRId64,
        c->name, is_now_held, c->authentications, last_minute(c, now), c->refused, c->closed,
        c->first_used, c->last_used, c->first_refused, c->last_refused);
    say(t,
        " other-closed=%" PRIu64 " other-refused=%" PRIu64 " other-first=%" PRId64
        " other-last=%" PRId64 "%s\n",
        c->other_closed, c->other_refused, c->other_first, c->other_last,
        c == &usage->credentials[NONE] && none_was_held() ? " once-held=1" : "");
}

static void say_client(struct text *t, const struct client *k) {
    say(t,
        "client %s addr=%s name=%s closed=%" PRIu64 " refused=%" PRIu64 " first=%" PRId64
        " last=%" PRId64 "\n",
        k->credential, k->address, k->name, k->closed, k->refused, k->first, k->last);
}

/* say_connections tells how many connections of each credential are open, and lists those of users, those of clients in plaintext, and those that have
 * no token and are not of NONE, because one is asked for, and was when they were opened. It also sets
 * none_open right, which on Redis 7.0, where a filter cannot see who logs in, is a guess from the logins. */
static void say_connections(struct text *t) {
    char user[USER_NAME];
    uint64_t live[CREDENTIALS] = {0}, in_plaintext = 0;
    for (struct connection *c = NULL; (c = next_connection(c));) {
        int is_clients = user_named(c->id, user) && is_clients_user(user);
        int is_default = is_clients && strcmp(user, "default") == 0;
        if (is_clients && c->plaintext) {
            say(t, "plaintext %" PRIu64 "\n", c->id);
            in_plaintext++;
        }
        c->open_none = is_default && is_let_in(c);
        if (c->open_none) {
            live[NONE]++;
        } else if (is_default) {
            say(t, "stranger %" PRIu64 " tried=%d\n", c->id, c->tried || may_be_let_in(c));
        } else if (is_clients) {
            int at = credential_of(c, user);
            if (at < 0) continue;
            live[at]++;
            if (is_users_credential(usage->credentials[at].name))
                say(t, "user %" PRIu64 " %s\n", c->id, usage->credentials[at].name);
        }
    }
    usage->none_open = live[NONE];
    int plaintext = find_credential(PLAINTEXT_NAME);
    if (plaintext >= 0) live[plaintext] = in_plaintext;
    for (int i = 0; i < CREDENTIALS; i++)
        if (i != UNKNOWN && usage->credentials[i].name[0])
            say(t, "live %s connections=%" PRIu64 "\n", usage->credentials[i].name, live[i]);
}

static void reply_report(RedisModuleCtx *ctx) {
    struct text t = new_text(4096);
    int64_t now = now_ms();
    acl_may_change(); /* CLIENT PAUSE can have put an ACL command off until after somebody's login */
    refresh_held();
    say(&t, "usage %d now=%" PRId64 " survives=%d attributes=%d passwordless=%d names=%d gate=%d\n",
        USAGE_REPORT, now, usage_survives, RedisModule_CommandFilterGetClientId != NULL,
        is_passwordless(), RedisModule_GetClientNameById != NULL, gate_is_in_front());
    for (int i = 0; i < CREDENTIALS; i++)
        if (usage->credentials[i].name[0])
            say_credential(&t, &usage->credentials[i],
                           i == NONE ? is_passwordless() : credential_is_held(i), now);
    for (int i = 0; i < CLIENTS; i++)
        if (usage->clients[i].credential[0]) say_client(&t, &usage->clients[i]);
    say_connections(&t);
    RedisModule_ReplyWithStringBuffer(ctx, t.s, t.len);
    free_text(&t);
}

/* aikagi.usage [CLIENTS]: the report, or an array of it and of CLIENT LIST as of the same
 * moment. (MULTI would be such a moment, too, but a full cache refuses what is in it.)
 * Towards clients it does not know itself. */
int handle_usage(RedisModuleCtx *ctx, RedisModuleString **argv, int argc) {
    if (!is_called_by_service(ctx)) return reply_unknown(ctx, argv, argc);
    if (argc == 1) {
        reply_report(ctx);
        return REDISMODULE_OK;
    }
    if (argc != 2 || !is_exactly(argv[1], "CLIENTS"))
        return RedisModule_ReplyWithError(ctx, "ERR " USAGE_COMMAND " takes CLIENTS or nothing");
    RedisModule_ReplyWithArray(ctx, 2);
    reply_report(ctx);
    return pass_on(ctx, RedisModule_Call(ctx, "CLIENT", "c", "LIST"));
}
