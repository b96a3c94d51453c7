/* Logins as a loaded module rewrites and counts them, on engines of three ages. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "fake.h"

#define ONE "338f7079370d" /* the fingerprint of t-one */
#define ONE_DIGEST "338f7079370d1c2e5420b6c49be4dab13e9f96e6ad99e5fcc83589357050ba95"
#define TWO "dbeadd2f6df8" /* of t-two, which is not held */
#define TWO_DIGEST "dbeadd2f6df80b67ec455c4a7ee2efeff74a0c738b94f9518d8685b22fe08bf4"
#define ALICE "@2bd806c97f0e" /* the user herself */
#define ALICE_ONE ALICE ":" ONE /* and her passwords t-one and t-two */
#define ALICE_TWO ALICE ":" TWO
#define BOB "@81b637d8fcd2" /* who needs no password */
#define ADMIN 1
#define CLIENT 7

static const int versions[] = {REDIS_6_2, REDIS_7_0, REDIS_7_2};

/* Who is let in: with t-one; by nopass, the default user too. */
static void hold(const char *nopass) {
    char list[512];
    snprintf(list, sizeof(list), "(user default on %s ~* &* +@all,user token:" ONE " on #" ONE_DIGEST " ~* +@all,user aikagi:admin on ~* +@all)", nopass);
    answer("ACL LIST", list);
}

static void start(int version) {
    hold("#" ONE_DIGEST);
    CHECK_NUMBER(load(version, SETTINGS), REDISMODULE_OK);
    open_client(ADMIN, "aikagi:admin", "/s", "flags=U cmd=aikagi.usage");
    open_client(CLIENT, "default", "10.0.0.1", "flags=N age=5 idle=0 cmd=get");
}

/* What the module reports of a credential begins with this. */
static void check_report(const char *credential, const char *want) {
    char line[256];
    snprintf(line, sizeof(line), "credential %s %s", credential, want);
    CHECK_HAS(run(ADMIN, "aikagi.usage"), line);
}

static const struct {
    const char *command, *want;
} rewritten[] = {
    {"AUTH t-one", "AUTH token:" ONE " t-one"},
    {"auth t-two", "auth token:" TWO " t-two"},
    {"AUTH\\0x t-one", "AUTH\\0x token:" ONE " t-one"},
    {"AUTH default t-one", "AUTH token:" ONE " t-one"},
    {"AUTH token:" ONE " t-one", "AUTH token:" ONE " t-one"},
    {"AUTH token:" ONE " t-two", "AUTH token:\\srefused t-two"},
    {"AUTH token: t-one", "AUTH token:\\srefused t-one"},
    {"AUTH other t-one", "AUTH other t-one"},
    {"AUTH DEFAULT t-one", "AUTH DEFAULT t-one"},
    {"AUTH " SECRET " t-one", "AUTH token:" ONE " t-one"},
    {"AUTH", "AUTH"},
    {"AUTH a b c", "AUTH a b c"},
    {"HELLO", "HELLO"},
    {"HELLO 3", "HELLO 3"},
    {"HELLO 3 AUTH default t-one", "HELLO 3 AUTH token:" ONE " t-one"},
    {"HELLO 3 SETNAME a AUTH default t-one", "HELLO 3 SETNAME a AUTH token:" ONE " t-one"},
    {"HELLO 3 auth\\0x default t-one SETNAME a", "HELLO 3 auth\\0x token:" ONE " t-one SETNAME a"},
    {"HELLO 9 AUTH default t-two", "HELLO 9 AUTH token:" TWO " t-two"},
    {"HELLO 3 AUTH default", "HELLO 3 AUTH default"},
    {"HELLO 3 x AUTH default t-one", "HELLO 3 x AUTH default t-one"},
    {"ACL SETUSER a", "ACL\\sSETUSER a"},
    {"acl getuser a", "ACL\\sgetuser a"},
    {"ACL WHOAMI", "ACL WHOAMI"},
    {SECRET " SETUSER a", "ACL SETUSER a"},
    {SECRET "\\0 SETUSER a", SECRET "\\0 SETUSER a"},
    {"acl-0123456789abcdeg LIST", "acl-0123456789abcdeg LIST"},
    {"GET a", "GET a"},
    {"AUT t-one", "AUT t-one"},
};

static void check_rewriting(int version, int held) {
    start(version);
    hold_commands(held);
    for (size_t i = 0; i < sizeof(rewritten) / sizeof(*rewritten); i++) {
        char want[256];
        snprintf(want, sizeof(want), "engine: %s", rewritten[i].want);
        CHECK_TEXT(run(CLIENT, rewritten[i].command), want);
    }
}

static void rewriting_6_2(void) { check_rewriting(REDIS_6_2, 0); }
static void rewriting_7_0(void) { check_rewriting(REDIS_7_0, 0); }
static void rewriting_7_2(void) { check_rewriting(REDIS_7_2, 0); }
/* Engines before 7.2 filter a second time what CLIENT PAUSE held. */
static void rewriting_twice(void) { check_rewriting(REDIS_7_0, 1); }

static void check_counting(int version, int held) {
    start(version);
    hold_commands(held);
    for (int i = 0; i < 3; i++) run(CLIENT, "AUTH t-one");
    run(CLIENT, "HELLO 3 AUTH token:" ONE " t-one");
    run(CLIENT, "AUTH t-two");
    run(CLIENT, "HELLO 3 AUTH default guess SETNAME a");
    run(CLIENT, "HELLO 4 AUTH default guess"); /* the engine refuses it before it logs in */
    run(CLIENT, "AUTH " SECRET " t-one");      /* the service's own proof */
    run(CLIENT, "AUTH other t-one");
    hold_commands(0);
    check_report(ONE, "held=1 authentications=4 minute=4 refused=0 closed=0");
    check_report("unknown", "held=0 authentications=0 minute=0 refused=2 closed=0");
}

static void counting_6_2(void) { check_counting(REDIS_6_2, 0); }
static void counting_7_2(void) { check_counting(REDIS_7_2, 0); }
static void counting_twice(void) { check_counting(REDIS_7_0, 1); }

/* A token that is taken away is refused by name. */
static void token_once_held(void) {
    start(REDIS_7_2);
    run(CLIENT, "AUTH t-one");
    answer("ACL LIST", "(user default on #" ONE_DIGEST ")");
    run(ADMIN, SECRET " DELUSER token:" ONE);
    run(CLIENT, "AUTH t-one");
    check_report(ONE, "held=0 authentications=1 minute=1 refused=1 closed=0");
    CHECK_HAS(run(ADMIN, "aikagi.usage"), "\nclient " ONE " addr=10.0.0.1 name=app closed=0 refused=1 ");
}

static void ends_of_connections(void) {
    start(REDIS_7_2);
    open_client(8, "default", "10.0.0.2", "flags=N age=5 idle=0 cmd=get");
    open_client(9, "default", "::1", "flags=N tot-net-in=0 age=5 idle=5 cmd=NULL");
    set_user(8, "token:" ONE);
    end_client(8);
    check_report(ONE, "held=1 authentications=0 minute=0 refused=0 closed=1");
    CHECK_HAS(run(ADMIN, "aikagi.usage"), "\nclient " ONE " addr=10.0.0.2 name=app closed=1 refused=0 ");
    end_client(CLIENT); /* asked for something without a token, but none was ever let in here */
    check_report("NONE", "held=0 authentications=0 minute=0 refused=0 closed=0");

    hold("nopass");
    run(ADMIN, SECRET " SETUSER default nopass");
    open_client(10, "default", "::1", "flags=N tot-net-in=30 age=5 idle=0 cmd=get");
    open_client(11, "default", "::1", "flags=N tot-net-in=0 age=5 idle=5 cmd=NULL"); /* only connects */
    CHECK_HAS(run(ADMIN, "aikagi.usage"), "\nlive NONE connections=3\n");
    end_client(10);
    end_client(11);
    check_report("NONE", "held=1 authentications=1 minute=1 refused=0 closed=1");

    hold("#" ONE_DIGEST);
    run(ADMIN, SECRET " SETUSER default resetpass");
    open_client(12, "default", "10.0.0.3", "flags=N tot-net-in=30 age=5 idle=0 cmd=get");
    open_client(13, "default", "10.0.0.4", "flags=N tot-net-in=30 age=5 idle=0 cmd=auth");
    CHECK_HAS(run(ADMIN, "aikagi.usage"), "\nstranger 12 tried=0\n");
    end_client(12);
    end_client(13);
    check_report("NONE", "held=0 authentications=1 minute=1 refused=1 closed=1");
}

/* A connection over TLS whose handshake ends after access without a token was let in by the engine, if that made it before. */
static void handshake_over_the_end(void) {
    hold("nopass");
    CHECK_NUMBER(load(REDIS_7_2, SETTINGS), REDISMODULE_OK);
    open_client(ADMIN, "aikagi:admin", "/s", "flags=U cmd=aikagi.usage");
    hold("#" ONE_DIGEST);
    run(ADMIN, SECRET " SETUSER default resetpass");
    open_client(7, "default", "10.0.0.1", "flags=N tot-net-in=30 age=5 idle=0 cmd=get over=tls");
    CHECK_HAS(run(ADMIN, "aikagi.usage"), "\nstranger 7 tried=1\n");
    end_client(7); /* nobody knows yet */
    open_client(9, "aikagi:admin", "/s", "flags=U cmd=aikagi.usage");
    open_client(8, "default", "10.0.0.1", "flags=N tot-net-in=30 age=5 idle=0 cmd=get over=tls");
    open_client(10, "default", "10.0.0.1", "flags=N tot-net-in=30 age=5 idle=0 cmd=get over=tls");
    CHECK_HAS(run(ADMIN, "aikagi.usage"), "\nstranger 10 tried=0\n");
    end_client(8);
    check_report("NONE", "held=0 authentications=0 minute=0 refused=0 closed=0");
    end_client(10);
    check_report("NONE", "held=0 authentications=0 minute=0 refused=1 closed=0");
}

/* A connection without TLS counts besides what it logs in with, unless it is the service's, or nothing was ever sent. */
static void plaintext(void) {
    start(REDIS_7_2);
    open_client(8, "token:" ONE, "10.0.0.2", "flags=N tot-net-in=30 age=5 idle=0 cmd=get");
    open_client(9, "token:" ONE, "10.0.0.3", "flags=N tot-net-in=30 age=5 idle=0 cmd=get over=tls");
    open_client(10, "default", "10.0.0.4", "flags=N tot-net-in=0 age=5 idle=5 cmd=NULL"); /* only connects */
    open_client(11, "aikagi:replica", "127.1.0.3", "flags=S age=5 idle=0 cmd=replconf");
    CHECK_HAS(run(ADMIN, "aikagi.usage"), "\nplaintext 8\n");
    CHECK(!strstr(run(ADMIN, "aikagi.usage"), "plaintext 9\n") && !strstr(run(ADMIN, "aikagi.usage"), "plaintext 11\n"));
    CHECK_HAS(run(ADMIN, "aikagi.usage"), "\nlive plaintext connections=3\n"); /* and CLIENT */
    check_report("plaintext", "held=1 authentications=0 minute=0 refused=0 closed=0");
    for (uint64_t id = 8; id <= 11; id++) end_client(id);
    check_report("plaintext", "held=1 authentications=1 minute=1 refused=0 closed=1");
    check_report(ONE, "held=1 authentications=0 minute=0 refused=0 closed=2");
    CHECK_HAS(run(ADMIN, "aikagi.usage"), "\nclient plaintext addr=10.0.0.2 name=app closed=1 refused=0 ");
}

/* Alice has these passwords, Bob needs none, and nobody can be Carol. */
static void hold_users(const char *alices) {
    char list[512];
    snprintf(list, sizeof(list),
             "(user default off ~* &* +@all,user alice on %s ~* +@all,user bob on nopass ~* +@all,user carol off #" ONE_DIGEST
             " ~* +@all,user aikagi:admin on ~* +@all)",
             alices);
    answer("ACL LIST", list);
}

static void start_users(int version, const char *alices) {
    hold_users(alices);
    CHECK_NUMBER(load(version, SETTINGS), REDISMODULE_OK);
    open_client(ADMIN, "aikagi:admin", "/s", "flags=U cmd=aikagi.usage");
    open_client(CLIENT, "default", "10.0.0.1", "flags=N age=5 idle=0 cmd=auth");
}

/* Each password of a user counts by itself, and a wrong one, whatever it is, for the user. */
static void check_users(int version, int held) {
    start_users(version, "#" ONE_DIGEST " #" TWO_DIGEST);
    hold_commands(held);
    CHECK_TEXT(run(CLIENT, "AUTH alice t-one"), "engine: AUTH alice t-one");
    run(CLIENT, "HELLO 3 AUTH alice t-one SETNAME a");
    run(CLIENT, "AUTH alice t-two");
    run(CLIENT, "AUTH alice guess");
    run(CLIENT, "HELLO 3 AUTH alice guess");
    run(CLIENT, "AUTH bob whatever");
    run(CLIENT, "AUTH carol t-one"); /* never one that could */
    run(CLIENT, "AUTH Alice t-one");
    hold_commands(0);
    check_report(ALICE_ONE, "held=1 authentications=2 minute=2 refused=0 closed=0");
    check_report(ALICE_TWO, "held=1 authentications=1 minute=1 refused=0 closed=0");
    check_report(ALICE, "held=0 authentications=0 minute=0 refused=2 closed=0");
    check_report(BOB, "held=1 authentications=1 minute=1 refused=0 closed=0");
    check_report("unknown", "held=0 authentications=0 minute=0 refused=0 closed=0");

    hold_users("#" TWO_DIGEST);
    run(ADMIN, SECRET " SETUSER alice");
    run(CLIENT, "AUTH alice t-one");
    check_report(ALICE_ONE, "held=0 authentications=2 minute=2 refused=1 closed=0");
    answer("ACL LIST", "(user default off)");
    run(ADMIN, SECRET " DELUSER alice");
    run(CLIENT, "AUTH alice t-two"); /* of a user who is gone */
    check_report(ALICE_TWO, "held=0 authentications=1 minute=1 refused=1 closed=0");
}

static void users_6_2(void) { check_users(REDIS_6_2, 0); }
static void users_7_2(void) { check_users(REDIS_7_2, 0); }
static void users_twice(void) { check_users(REDIS_7_0, 1); }

/* Engines say whose a connection is, and not by which password. */
static void check_ends_of_users(int version, const char *live, const char *of) {
    start_users(version, "#" ONE_DIGEST " #" TWO_DIGEST);
    run(CLIENT, "AUTH alice t-two");
    run(CLIENT, "AUTH alice guess"); /* it stays hers */
    set_user(CLIENT, "alice");
    CHECK_HAS(run(ADMIN, "aikagi.usage"), live);
    end_client(CLIENT);
    check_report(of, "held=");
    char line[128];
    snprintf(line, sizeof(line), "\nclient %s addr=10.0.0.1 name=%s closed=1 ", of, version < REDIS_7_2 ? "" : "app");
    CHECK_HAS(run(ADMIN, "aikagi.usage"), line);
}

static void ends_of_users_7_2(void) { check_ends_of_users(REDIS_7_2, "\nuser 7 " ALICE_TWO "\n", ALICE_TWO); }
static void ends_of_users_7_0(void) { check_ends_of_users(REDIS_7_0, "\nuser 7 " ALICE "\n", ALICE); }

/* Where there is but one it is that. */
static void only_password_of_user(void) {
    start_users(REDIS_7_0, "#" TWO_DIGEST);
    set_user(CLIENT, "alice");
    CHECK_HAS(run(ADMIN, "aikagi.usage"), "\nuser 7 " ALICE_TWO "\n");
    CHECK_HAS(run(ADMIN, "aikagi.usage"), "\nlive " ALICE_TWO " connections=1\n");
}

/* A login as somebody else makes a connection another's. */
static void change_of_user(void) {
    start_users(REDIS_7_2, "#" ONE_DIGEST " #" TWO_DIGEST);
    run(CLIENT, "AUTH alice t-one");
    run(CLIENT, "AUTH bob x");
    set_user(CLIENT, "bob");
    CHECK_HAS(run(ADMIN, "aikagi.usage"), "\nuser 7 " BOB "\n");
    set_user(CLIENT, "aikagi:admin"); /* the service's are nobody's */
    CHECK(!strstr(run(ADMIN, "aikagi.usage"), "\nuser 7 "));
}

/* A long password, an ACL that makes no sense, and none. */
static void odd_ones(void) {
    char command[6000] = "AUTH ";
    start(REDIS_7_2);
    memset(command + 5, 'x', 4096);
    CHECK(!strstr(run(CLIENT, command), "refused"));
    command[5 + 4096] = 'x'; /* such a long one is refused unread */
    CHECK_HAS(run(CLIENT, command), "engine: AUTH token:\\srefused xxx");
    answer("ACL LIST", "(user,user ,,user token:" ONE " #" ONE_DIGEST ",user token:" ONE " on #zz8f,user default on nopass,:5,_,user aikagi:rules on +restore)");
    run(ADMIN, SECRET " LOAD");
    run(CLIENT, "AUTH t-one");
    CHECK_HAS(run(ADMIN, "aikagi.usage"), " passwordless=1 ");
    check_report("unknown", "held=0 authentications=0 minute=0 refused=2 closed=0");
    check_report(ONE, "held=0 authentications=0 minute=0 refused=1 closed=0");
    answer("ACL LIST", "-LOADING");
    run(ADMIN, SECRET " LOAD");
    run(CLIENT, "AUTH t-one");
    CHECK_HAS(run(ADMIN, "aikagi.usage"), " passwordless=1 ");
}

/* Who can say anything could otherwise have the engine hash as much as it takes for a word. */
static void long_user(void) {
    char name[300], list[512], command[512];
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = 0;
    for (int len = 256; len <= 257; len++) {
        name[len] = 0;
        snprintf(list, sizeof(list), "(user default off,user %s on #" ONE_DIGEST ",user aikagi:admin on)", name);
        answer("ACL LIST", list);
        if (len == 256) {
            CHECK_NUMBER(load(REDIS_7_2, SETTINGS), REDISMODULE_OK);
            open_client(ADMIN, "aikagi:admin", "/s", "flags=U cmd=aikagi.usage");
            open_client(CLIENT, "default", "10.0.0.1", "flags=N age=5 idle=0 cmd=auth");
        }
        run(ADMIN, SECRET " LOAD");
        snprintf(command, sizeof(command), "AUTH %s t-one", name);
        CHECK_HAS(run(CLIENT, command), "engine: AUTH xxx");
        const char *counted = strstr(run(ADMIN, "aikagi.usage"), " held=1 authentications=1 ");
        CHECK((counted != NULL) == (len == 256));
        name[len] = 'x';
    }
}

static void loading(void) {
    for (size_t i = 0; i < sizeof(versions) / sizeof(*versions); i++) {
        CHECK_NUMBER(load(versions[i], "nothing"), REDISMODULE_ERR);
        CHECK_NUMBER(load(versions[i], "acl-secret acl-x\n"), REDISMODULE_ERR);
    }
}

const struct test login_tests[] = {
    {"rewriting on 6.2", rewriting_6_2},
    {"rewriting on 7.0", rewriting_7_0},
    {"rewriting on 7.2", rewriting_7_2},
    {"rewriting twice", rewriting_twice},
    {"counting on 6.2", counting_6_2},
    {"counting on 7.2", counting_7_2},
    {"counting twice", counting_twice},
    {"token once held", token_once_held},
    {"ends of connections", ends_of_connections},
    {"handshake over the end", handshake_over_the_end},
    {"plaintext", plaintext},
    {"users on 6.2", users_6_2},
    {"users on 7.2", users_7_2},
    {"users twice", users_twice},
    {"ends of users on 7.0", ends_of_users_7_0},
    {"ends of users on 7.2", ends_of_users_7_2},
    {"only password of a user", only_password_of_user},
    {"change of user", change_of_user},
    {"odd ones", odd_ones},
    {"long user", long_user},
    {"loading", loading},
    {NULL, NULL},
};
