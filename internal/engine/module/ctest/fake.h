/* An engine that is a few tables: it loads the module as a real one does, and hands it commands, connections and
 * answers. What it does not do is on purpose; the tests in Go use real engines.
 *
 * Replies are written as text: a word or line is itself, -ERR x an error, :7 an integer, _ nothing, and (a,b,(c)) an
 * array. All texts that are returned are good until the next call. */
#ifndef AIKAGI_FAKE_H
#define AIKAGI_FAKE_H

#include <stddef.h>
#include <stdint.h>

#include "redismodule_abi.h"

#define REDIS_6_2 0x00060200
#define REDIS_7_0 0x00070000
#define REDIS_7_2 0x00070200

#define SECRET "acl-0123456789abcdef"
#define SETTINGS "acl-secret " SECRET "\ninternal-prefix aikagi:\nconfig-name CONFIG\nusage on clients 0\nnetwork 127.1.0.0/16\n"

/* give_memory is enough for what needs no engine but takes its memory from one. */
void give_memory(void);

/* make_string makes an argument; \0 stands for a NUL, and \s for a space. free_string frees it. */
RedisModuleString *make_string(const char *s);
void free_string(RedisModuleString *s);

/* load has an engine of this version load the module with these settings, and returns what the module said. */
int load(int version, const char *settings);

/* answer has the engine answer this to a call of the module, from now on. */
void answer(const char *call, const char *reply);

/* calls returns the calls of the module since it was last asked, a line each. */
const char *calls(void);

/* open_client opens a connection that CLIENT LIST shows so: the line is id=7 and this; over=tls in it makes it one over TLS.
 * end_client ends it. */
void open_client(uint64_t id, const char *user, const char *address, const char *line);
void end_client(uint64_t id);
void set_user(uint64_t id, const char *user);
void set_line(uint64_t id, const char *line);
int is_open(uint64_t id);

/* run sends a command, whose words are separated by spaces, on a connection, and returns the answer of the module, or
 * "engine: " and what the engine is left to do. */
const char *run(uint64_t id, const char *command);

/* hold_commands: while it is on, CLIENT PAUSE holds each command once, so that it passes the filter twice. */
void hold_commands(int on);

/* fire_timer has the time of the module's next timer come; 0: it has none. */
int fire_timer(void);

/* be_replica gives the engine a role, and tells the module of it if that asked for it. */
void be_replica(int is);

/* configure is CONFIG SET of a setting of the module's. It returns NULL, or why the module refuses it, and "unknown" for one that there is
 * not. configured is CONFIG GET. */
const char *configure(const char *name, const char *value);
const char *configured(const char *name);

/* forbid has no user be permitted this command. */
void forbid(const char *command);

#endif
