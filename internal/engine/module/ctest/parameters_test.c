/* Parameters that a loaded module honours: whose connections are closed for what, and which names of commands there are. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "fake.h"

#define ADMIN 1
#define PRIMARY 2 /* of a link the engine does not tell the module */
#define CLIENT 7
#define OTHER 8
#define NODE 9
#define MORE 20

static const char commands[] = "((get,:2,(readonly,fast)),(set,:-3,(write,denyoom)),(del,:-2,(write)),(flushall,:-1,(write)),(ping,:-1,(fast)),"
                               "(client,:-2,(),:0,:0,:0,(),(),(),((client|capa,:-3,(fast)),(client|id,:2,(fast)))),"
                               "(xgroup,:-2,(),:0,:0,:0,(),(),(),((xgroup|help,:2,(loading)),(xgroup|create,:-5,(write)))))";

static void open_ours(uint64_t id, const char *user, const char *address) {
    open_client(id, user, address, "flags=N age=5 idle=0 obl=0 oll=0 cmd=set");
}

static void start(int version, int replica) {
    answer("ACL LIST", "(user default on nopass ~* +@all,user aikagi:admin on +@all,user app on +@all)");
    answer("COMMAND", commands);
    be_replica(replica);
    CHECK_NUMBER(load(version, SETTINGS), REDISMODULE_OK);
    open_client(ADMIN, "aikagi:admin", "/s", "flags=U obl=0 oll=0 cmd=ping");
    open_ours(CLIENT, "default", "10.0.0.1");
    open_ours(OTHER, "app", "10.0.0.2");
    open_ours(NODE, "default", "127.1.0.3");
}

/* wait_a_moment has those timers come that are soon; the module's other one always goes on. */
static void wait_a_moment(void) {
    for (int i = 0; i < 3; i++) CHECK(fire_timer());
}

/* check_write has a client send a command, which the engine is left to answer; only then is its connection closed. */
static void check_write(uint64_t id, const char *command, int closed) {
    char left[256];
    snprintf(left, sizeof(left), "engine: %s", command);
    CHECK_TEXT(run(id, command), left);
    CHECK(is_open(id));
    wait_a_moment();
    CHECK_TEXT(is_open(id) ? "open" : "closed", closed ? "closed" : "open");
}

static void writers_on_a_replica(void) {
    start(REDIS_7_2, 1);
    CHECK_TEXT(configured("close-on-replica-write"), "yes");
    static const char *const others[] = {
        "GET a", "SET a", "set\\0x a", "XGROUP", "XGROUP HELP", "XGROUP CREATE a b", "PING", "SETX a b", "EVAL x 0",
        "setsetsetsetsetsetsetsetsetsetsetsetsetsetsetsetsetsetsetsetsetsetset a b",
    };
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) check_write(CLIENT, others[i], 0);
    check_write(ADMIN, "SET a b", 0);
    check_write(NODE, "SET a b", 0);
    CHECK_TEXT(run(PRIMARY, "SET a b"), "engine: SET a b");
    forbid("DEL");
    check_write(CLIENT, "DEL a", 0);
    check_write(CLIENT, "sEt a b", 1);
    check_write(OTHER, "xgroup\\0x Create a b c", 1);
    CHECK_HAS(run(ADMIN, "aikagi.usage"), "credential NONE held=1 authentications=1"); /* it was counted as whose it was */
    open_ours(MORE, "default", "10.0.0.3");
    check_write(MORE, "FLUSHALL", 1);
}

static void writers_without_a_token(void) {
    start(REDIS_7_2, 1);
    answer("ACL LIST", "(user default off -@all,user aikagi:admin on +@all)");
    run(ADMIN, SECRET " SETUSER default off");
    open_ours(MORE, "default", "10.0.0.3");
    check_write(MORE, "SET a b", 0);  /* the engine says NOAUTH */
    check_write(CLIENT, "SET a b", 1); /* it came when nobody needed one */
}

static void writers_follow_the_role(void) {
    start(REDIS_7_2, 0);
    check_write(CLIENT, "SET a b", 0);
    be_replica(1);
    check_write(CLIENT, "SET a b", 1);
    CHECK(!configure("close-on-replica-write", "no"));
    CHECK_TEXT(configured("close-on-replica-write"), "no");
    check_write(OTHER, "SET a b", 0);
    CHECK(!configure("close-on-replica-write", "yes"));
    be_replica(0);
    check_write(OTHER, "SET a b", 0);
}

static void writers_get_their_answer(void) {
    start(REDIS_7_2, 1);
    open_client(MORE, "app", "10.0.0.3", "flags=N obl=5 oll=0 cmd=set");
    open_client(MORE + 1, "app", "10.0.0.3", "flags=N obl=0 oll=2 cmd=set");
    check_write(MORE, "SET a b", 0);
    check_write(MORE + 1, "SET a b", 0);
    check_write(MORE, "SET a b", 0); /* is not noted twice */
    for (int i = 0; i < 100; i++) wait_a_moment();
    CHECK(is_open(MORE) && is_open(MORE + 1));
    end_client(MORE + 1); /* and its timer finds nobody */
    set_line(MORE, "flags=N obl=0 oll=0 cmd=set");
    for (int i = 0; i < 3; i++) wait_a_moment();
    CHECK(!is_open(MORE));
}

static void writers_that_are_redirected(void) {
    start(REDIS_7_2, 1);
    run(CLIENT, "CLIENT CAPA other");
    run(OTHER, "client capa other redirect");
    check_write(CLIENT, "SET a b", 1);
    check_write(OTHER, "SET a b", 0);
}

/* check_renamed has a client send a command, of which the engine gets another. */
static void check_renamed(uint64_t id, const char *command, const char *want) {
    char left[256];
    snprintf(left, sizeof(left), "engine: %s", want);
    CHECK_TEXT(run(id, command), left);
}

static void renamed_commands(void) {
    start(REDIS_7_2, 0);
    CHECK_TEXT(configured("rename-commands"), "");
    check_renamed(CLIENT, "GET a", "GET a");
    CHECK(!configure("rename-commands", " GET got  set Put client who "));
    CHECK_TEXT(configured("rename-commands"), " GET got  set Put client who ");
    check_renamed(CLIENT, "got a", "GET a");
    check_renamed(CLIENT, "GOT", "GET");
    check_renamed(OTHER, "put a b", "set a b");
    check_renamed(CLIENT, "Get a", "Get\\0a a");
    check_renamed(CLIENT, "SET a b", "SET\\0a a b");
    check_renamed(CLIENT, "get\\0x a", "get\\0a a");
    check_renamed(CLIENT, "got\\0x a", "got\\0x a");
    check_renamed(CLIENT, "CLIENT LIST", "CLIENT\\0a LIST");
    check_renamed(CLIENT, "DEL a", "DEL a");
    answer("COMMAND INFO SET", "((set,:-3))"); /* it is found whatever is behind the NUL */
    check_renamed(CLIENT, "SET a b", "SET\\sz a b");
    check_renamed(ADMIN, "GET a", "GET a");
    check_renamed(ADMIN, "got a", "got a");
    check_renamed(NODE, "GET a", "GET a");
    check_renamed(PRIMARY, "set a b", "set a b");
    CHECK(!strstr(run(CLIENT, "who LIST"), "aikagi:admin")); /* by whatever name, it is not the engine's list */
    be_replica(1);
    check_renamed(CLIENT, "put a b", "set a b");
    wait_a_moment();
    CHECK(!is_open(CLIENT));
    CHECK(!configure("rename-commands", ""));
    check_renamed(OTHER, "GET a", "GET a");
    check_renamed(OTHER, "got a", "got a");
}

static void wrong_renames(void) {
    char many[8192] = "";
    start(REDIS_7_2, 0);
    answer("COMMAND INFO set", "((set,:-3))");
    answer("COMMAND INFO got", "(_)");
    CHECK(!configure("rename-commands", "GET got"));
    static const char *const wrong[][2] = {
        {"GET", "GET has no new name"},
        {"GET set", "set is a command of the engine"},
        {"GET got get x", "get cannot be renamed so, or is there twice"},
        {"GET got set GOT", "GOT cannot be a name, or is there twice"},
        {"GET 0123456789012345678901234567890123456789012345678901234567890123", "0123456789012345678901234567890123456789012345678901234567890123 cannot be a name, or is there twice"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) CHECK_TEXT(configure("rename-commands", wrong[i][0]), wrong[i][1]);
    for (int i = 0; i < 257; i++) snprintf(many + strlen(many), sizeof(many) - strlen(many), "old%d new%d ", i, i);
    CHECK_TEXT(configure("rename-commands", many), "old256 is one more than can be renamed");
    CHECK_TEXT(configured("rename-commands"), "GET got");
    check_renamed(CLIENT, "got a", "GET a");
    *strstr(many, "old256") = 0;
    CHECK(!configure("rename-commands", many));
    check_renamed(CLIENT, "new255 a", "old255 a");
    check_renamed(CLIENT, "old0", "old0\\0a");
    check_renamed(CLIENT, "GET a", "GET a");
}

static void no_parameters_before_7_2(void) {
    start(REDIS_7_0, 1);
    CHECK_TEXT(configured("close-on-replica-write"), "unknown");
    CHECK_TEXT(configured("rename-commands"), "unknown");
    check_write(CLIENT, "SET a b", 0);
}

const struct test parameter_tests[] = {
    {"writers on a replica", writers_on_a_replica},
    {"writers without a token", writers_without_a_token},
    {"writers follow the role", writers_follow_the_role},
    {"writers get their answer", writers_get_their_answer},
    {"writers that are redirected", writers_that_are_redirected},
    {"renamed commands", renamed_commands},
    {"wrong renames", wrong_renames},
    {"no parameters before 7.2", no_parameters_before_7_2},
    {NULL, NULL},
};
