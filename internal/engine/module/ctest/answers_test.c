/* What clients are answered, and where they are let in, by a loaded module. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "fake.h"

#define ADMIN 1
#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define CLIENT 7
#define OTHER 8
#define REPLICA 9

/* An engine with a connection of each kind. */
static void start(int version) {
    answer("ACL LIST", "(user default on nopass ~* +@all,user aikagi:admin on #12ab +@all,user token:0123456789ab on #" DIGEST " ~a +@all +aikagi.info -get)");
    answer("COMMAND INFO migrate", "(_)");
    answer("COMMAND INFO get", "((get,:2))");
    answer("COMMAND LIST", "(get,migrate,acl|cat)");
    CHECK_NUMBER(load(version, SETTINGS), REDISMODULE_OK);
    open_client(ADMIN, "aikagi:admin", "/s", "flags=U cmd=ping");
    open_client(CLIENT, "default", "10.0.0.1", "flags=N age=50 cmd=aikagi.client-list");
    open_client(OTHER, "token:0123456789ab", "10.0.0.2", "flags=N age=5 cmd=get");
    open_client(REPLICA, "aikagi:replica", "127.1.0.3", "flags=S age=5 cmd=replconf");
    calls();
}

static void acl_of_clients(void) {
    start(REDIS_7_2);
    CHECK_TEXT(run(CLIENT, "ACL LIST"), "(user default on nopass ~* +@all,user token:0123456789ab on ~a +@all -get)");
    CHECK_TEXT(run(CLIENT, "ACL USERS"), "(default)");
    answer("ACL CAT admin", "(acl|cat,migrate,aikagi.info,get)");
    CHECK_TEXT(run(CLIENT, "ACL CAT admin"), "(acl|cat,get)");
    answer("ACL DRYRUN default get a", "OK");
    CHECK_TEXT(run(CLIENT, "ACL DRYRUN default get a"), "OK");
    CHECK_TEXT(run(CLIENT, "ACL DRYRUN aikagi:admin get a"), "-ERR User 'aikagi:admin' not found");
    CHECK_TEXT(run(CLIENT, "ACL DRYRUN default aikagi.info a"), "-ERR Command 'aikagi.info' not found");
    answer("ACL LIST", "-NOPERM no");
    CHECK_TEXT(run(CLIENT, "ACL LIST"), "-NOPERM no");
}

/* By its own name a stand-in does not exist, nor does the report for clients. */
static void names_of_our_own(void) {
    start(REDIS_7_2);
    CHECK_TEXT(run(CLIENT, "aikagi.info x"), "-ERR unknown command 'aikagi.info', with args beginning with: 'x' ");
    CHECK_TEXT(run(CLIENT, "aikagi.usage"), "-ERR unknown command 'aikagi.usage', with args beginning with: ");
    CHECK_TEXT(run(ADMIN, "aikagi.usage x"), "-ERR aikagi.usage takes CLIENTS or nothing");
    char many[1000] = "aikagi.acl-list";
    for (int i = 0; i < 60; i++) strcat(many, " abcdefg");
    CHECK_HAS(run(CLIENT, many), "-ERR unknown command 'aikagi.acl-list', with args beginning with: 'abcdefg' ");
}

static void list_of_clients(void) {
    static const char with[] = "id=7 addr=10.0.0.1:5 flags=N age=50 cmd=client|list user=default\n"
                               "id=8 addr=10.0.0.2:5 flags=N age=5 cmd=get user=token:0123456789ab\n"
                               "id=9 addr=127.1.0.3:5 flags=S age=5 cmd=replconf user=(superuser)\n";
    start(REDIS_7_2);
    CHECK_TEXT(run(CLIENT, "CLIENT LIST"), with);
    CHECK_HAS(run(ADMIN, "CLIENT LIST"), "id=1 addr=/s:5 flags=U cmd=ping user=aikagi:admin\n");
    answer("CLIENT LIST", "id=3 user=aikagi:replica cmd=aikagi.info flags=S");
    CHECK_TEXT(run(CLIENT, "CLIENT LIST"), "id=3 user=(superuser) cmd=info flags=S"); /* in the other order */
}

static void list_of_clients_6_2(void) {
    start(REDIS_6_2);
    CHECK_HAS(run(CLIENT, "CLIENT LIST"), "cmd=client user=default\n");
}

static void killing(void) {
    start(REDIS_7_2);
    answer("CLIENT KILL nobody", "-ERR No such client");
    answer("CLIENT KILL USER aikagi:admin LADDR nobody", ":0");
    answer("CLIENT KILL ID 1 9 LADDR nobody", ":0");
    answer("CLIENT KILL ID 8 9 USER default SKIPME no LADDR nobody", ":0");
    answer("CLIENT KILL SKIPME no MAXAGE 10 LADDR nobody", ":0");
    answer("CLIENT KILL TYPE normal LADDR nobody", ":0");
    answer("CLIENT KILL TYPE nonsense LADDR nobody", "-ERR Unknown client type");
    answer("CLIENT LIST TYPE normal", "id=7 addr=10.0.0.1:5 flags=N user=default\nid=8 addr=10.0.0.2:5 flags=NA user=a\n");
    CHECK_TEXT(run(CLIENT, "CLIENT KILL USER aikagi:admin"), "-ERR No such user 'aikagi:admin'");
    CHECK_TEXT(run(CLIENT, "CLIENT KILL ID 1 9"), ":0");
    CHECK_TEXT(run(CLIENT, "CLIENT KILL ID 8 9 USER default SKIPME no"), ":0");
    CHECK_TEXT(run(CLIENT, "CLIENT KILL TYPE nonsense"), "-ERR Unknown client type");
    CHECK_TEXT(run(CLIENT, "CLIENT KILL TYPE normal"), ":0"); /* oneself, and one that is being ended */
    CHECK_TEXT(run(CLIENT, "CLIENT KILL /s:5"), "-ERR No such client");
    CHECK(is_open(ADMIN) && is_open(CLIENT) && is_open(OTHER) && is_open(REPLICA));
    CHECK_TEXT(run(CLIENT, "CLIENT KILL 10.0.0.2:5"), "OK");
    CHECK(!is_open(OTHER));
    CHECK_HAS(run(ADMIN, "aikagi.usage"), "credential 0123456789ab held=1 authentications=0 minute=0 refused=0 closed=1");
    CHECK_TEXT(run(CLIENT, "CLIENT KILL SKIPME no MAXAGE 10"), ":1");
    CHECK(!is_open(CLIENT) && is_open(ADMIN) && is_open(REPLICA));
}

static void unblocking(void) {
    start(REDIS_7_2);
    answer("CLIENT UNBLOCK 0", ":0");
    answer("CLIENT UNBLOCK 1", ":1");
    answer("CLIENT UNBLOCK 8", ":1");
    CHECK_TEXT(run(CLIENT, "CLIENT UNBLOCK 8"), ":1");
    CHECK_TEXT(run(CLIENT, "CLIENT UNBLOCK 1"), ":0");
    CHECK_TEXT(run(ADMIN, "CLIENT UNBLOCK 1"), ":1");
    CHECK_TEXT(run(CLIENT, "CLIENT TRACKING on REDIRECT 1"), "engine: CLIENT TRACKING on REDIRECT 9223372036854775807");
    CHECK_TEXT(run(CLIENT, "CLIENT TRACKING on REDIRECT 8"), "engine: CLIENT TRACKING on REDIRECT 8");
    CHECK_TEXT(run(CLIENT, "CLIENT TRACKING on REDIRECT"), "engine: CLIENT TRACKING on REDIRECT");
}

static void lists_of_commands(void) {
    start(REDIS_7_2);
    answer("COMMAND", "((get,:2),(migrate,:5),(AIKAGI.INFO,:1))");
    CHECK_TEXT(run(CLIENT, "COMMAND"), "((get,:2))");
    CHECK_TEXT(run(CLIENT, "COMMAND LIST"), "(get,acl|cat)");
    answer("COMMAND COUNT", ":100");
    CHECK_TEXT(run(CLIENT, "COMMAND COUNT"), ":84"); /* without our 15, and the renamed one */
    CHECK_TEXT(run(ADMIN, "COMMAND COUNT"), ":100");
    answer("COMMAND DOCS", "(get,(summary,x),migrate,(summary,x))");
    CHECK_TEXT(run(CLIENT, "COMMAND DOCS"), "(get,(summary,x))");
    answer("COMMAND INFO get  ", "((get,:2),_)");
    CHECK_TEXT(run(CLIENT, "COMMAND INFO get aikagi.info"), "((get,:2),_)");
    answer("LATENCY HISTOGRAM", "(migrate,(:1),get,(:2),aikagi.info,(:3))");
    CHECK_TEXT(run(CLIENT, "LATENCY HISTOGRAM"), "(get,(:2))");
}

static void info_of_clients(void) {
    static const char info[] = "executable:/usr/bin/x\r\nconfig_file:/e.conf\r\nlistener0:name=tcp\r\nlistener1:name=unix\r\n"
                               "listener2:name=tls\r\nconnected_clients:4\r\nmaxclients:1000\r\nmodule:name=aikagi,ver=1\r\n"
                               "module:name=aikagix,ver=1\r\ncmdstat_get:calls=1\r\ncmdstat_migrate:calls=1\r\n"
                               "latency_percentiles_usec_aikagi.info:p50=1\r\n\r\nlast";
    start(REDIS_7_2);
    answer("INFO", info);
    CHECK_TEXT(run(CLIENT, "INFO"), "executable:-\r\nconfig_file:-\r\n" /* the gate listens nowhere */
                                    "connected_clients:3\r\nmaxclients:1000\r\nmodule:name=aikagix,ver=1\r\ncmdstat_get:calls=1\r\n\r\nlast");
    CHECK_TEXT(run(ADMIN, "INFO"), info);
    answer("INFO x", "-ERR no");
    CHECK_TEXT(run(CLIENT, "INFO x"), "-ERR no");
}

static void logs(void) {
    start(REDIS_7_2);
    static const char entries[] = "((username,a,age-seconds,3.5,client-info,id=7 flags=N user=default),"
                                  "(username,aikagi:x,age-seconds,1,client-info,id=7 flags=N user=default),"
                                  "(username,b,age-seconds,1,client-info,id=1 flags=U user=aikagi:admin),"
                                  "(age-seconds,nonsense),())";
    answer("ACL LOG", "()");
    answer("ACL LOG 1", "()");
    answer("ACL LOG 0", "()");
    answer("ACL LOG 1000000", entries);
    CHECK_TEXT(run(CLIENT, "ACL LOG"), "((username,a,age-seconds,3.5,client-info,id=7 flags=N user=default),(age-seconds,nonsense),())");
    CHECK_TEXT(run(CLIENT, "ACL LOG 1"), "((username,a,age-seconds,3.5,client-info,id=7 flags=N user=default))");
    CHECK_TEXT(run(CLIENT, "ACL LOG RESET"), "OK");
    CHECK(!strstr(run(CLIENT, "ACL LOG"), "username")); /* they are older */
    answer("SLOWLOG GET", "()");
    answer("SLOWLOG GET 1000000", "((:1,:2,:3,(aikagi.acl-list,LIST),10.0.0.1:5,),(:2,:2,:3,(info),/s:0,),(:3,:2,:3,(info)),(:4,:2,:3,(get,a),10.0.0.1:50,x))");
    CHECK_TEXT(run(CLIENT, "SLOWLOG GET"), "((:1,:2,:3,(acl,LIST),10.0.0.1:5),(:4,:2,:3,(get,a),10.0.0.1:50,x))");
}

static void restoring(void) {
    start(REDIS_7_2);
    CHECK_HAS(run(CLIENT, "RESTORE a 0 b"), "-NOPERM RESTORE is refused");
    CHECK_HAS(run(CLIENT, "restore-asking\\0 a 0 b"), "-NOPERM RESTORE is refused");
    answer("ACL LIST", "(user default on nopass,user aikagi:rules off +@all +restore)");
    run(ADMIN, SECRET " SETUSER aikagi:rules +restore");
    CHECK_TEXT(run(CLIENT, "RESTORE a 0 b"), "engine: RESTORE a 0 b");
}

static void places(void) {
    answer("CONFIG GET maxclients", "(maxclients,2051)"); /* three for clients */
    start(REDIS_7_2);
    open_client(20, "default", "10.0.0.5", "fd=1 flags=N cmd=NULL");
    CHECK(!is_open(20));
    open_client(21, "default", "127.1.0.9", "flags=N cmd=NULL");
    CHECK(is_open(21));
    answer("INFO", "maxclients:2051\r\n");
    CHECK_TEXT(run(CLIENT, "INFO"), "maxclients:3\r\n");
}

static void ticks(void) {
    start(REDIS_7_2);
    answer("CONFIG GET hz", "(hz,1)");
    answer("CONFIG SET hz 10", "OK");
    CHECK(fire_timer());
    CHECK_HAS(calls(), "CONFIG SET hz 10\n");
    answer("CONFIG GET hz", "(hz,10)");
    for (int i = 0; i < 15; i++) CHECK(fire_timer());
    CHECK(!strstr(calls(), "CONFIG SET"));
    end_client(CLIENT);
    end_client(OTHER);
    CHECK(fire_timer() && !fire_timer());
    CHECK_HAS(calls(), "CONFIG SET hz 1\n");
}

const struct test answer_tests[] = {
    {"acl of clients", acl_of_clients},
    {"names of our own", names_of_our_own},
    {"list of clients", list_of_clients},
    {"list of clients on 6.2", list_of_clients_6_2},
    {"killing", killing},
    {"unblocking", unblocking},
    {"lists of commands", lists_of_commands},
    {"info of clients", info_of_clients},
    {"logs", logs},
    {"restoring", restoring},
    {"places", places},
    {"ticks", ticks},
    {NULL, NULL},
};
