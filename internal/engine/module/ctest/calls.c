/* Connections of the fake engine, and what it answers to calls of the module. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fake.h"
#include "fake_api.h"
#include "reply.h"

#define MANY 512

static struct {
    uint64_t id; /* 0: there is none */
    char user[64], address[46], line[256];
} clients[MANY];

static struct {
    char call[128], reply[4096];
} answers[64];
static int answers_len;

static char log_of_calls[16384];
static RedisModuleEventCallback on_client_change;

void tell_of_clients(RedisModuleEventCallback callback) { on_client_change = callback; }

static size_t place_of(uint64_t id) {
    size_t i = 0;
    while (i < MANY && clients[i].id != id) i++;
    return i;
}

int is_open(uint64_t id) { return place_of(id) < MANY; }

static void tell(size_t i, uint64_t change) {
    const RedisModuleEvent event = {REDISMODULE_EVENT_CLIENT_CHANGE, 1};
    RedisModuleClientInfo info = {.version = 1, .id = clients[i].id};
    memcpy(info.addr, clients[i].address, sizeof(info.addr));
    if (strstr(clients[i].line, "flags=U")) info.flags = REDISMODULE_CLIENTINFO_FLAG_UNIXSOCKET;
    if (strstr(clients[i].line, "over=tls")) info.flags = REDISMODULE_CLIENTINFO_FLAG_SSL;
    on_client_change(NULL, event, change, &info);
}

void open_client(uint64_t id, const char *user, const char *address, const char *line) {
    size_t i = place_of(0);
    clients[i].id = id;
    snprintf(clients[i].user, sizeof(clients[i].user), "%s", user);
    snprintf(clients[i].address, sizeof(clients[i].address), "%s", address);
    snprintf(clients[i].line, sizeof(clients[i].line), "%s", line);
    tell(i, REDISMODULE_SUBEVENT_CLIENT_CHANGE_CONNECTED);
}

void end_client(uint64_t id) {
    size_t i = place_of(id);
    CHECK(i < MANY);
    tell(i, REDISMODULE_SUBEVENT_CLIENT_CHANGE_CONNECTED + 1);
    clients[i].id = 0;
}

void set_user(uint64_t id, const char *user) {
    snprintf(clients[place_of(id)].user, sizeof(clients[0].user), "%s", user);
}

void set_line(uint64_t id, const char *line) {
    snprintf(clients[place_of(id)].line, sizeof(clients[0].line), "%s", line);
}

unsigned long long fake_GetClientId(RedisModuleCtx *ctx) { return ctx->client; }

RedisModuleString *fake_GetClientUserNameById(RedisModuleCtx *ctx, uint64_t id) {
    (void)ctx;
    return is_open(id) ? make_string(clients[place_of(id)].user) : NULL;
}

RedisModuleString *fake_GetClientNameById(RedisModuleCtx *ctx, uint64_t id) {
    (void)ctx;
    return is_open(id) ? make_string("app") : NULL;
}

int fake_GetClientInfoById(void *to, uint64_t id) {
    RedisModuleClientInfo *info = to;
    if (!is_open(id)) return REDISMODULE_ERR;
    info->id = id;
    if (strstr(clients[place_of(id)].line, "flags=U")) info->flags = REDISMODULE_CLIENTINFO_FLAG_UNIXSOCKET;
    return REDISMODULE_OK;
}

int fake_DeauthenticateAndCloseClient(RedisModuleCtx *ctx, uint64_t id) {
    (void)ctx;
    clients[place_of(id)].id = 0;
    return REDISMODULE_OK;
}

const char *find_answer(const char *call) {
    for (int i = 0; i < answers_len; i++)
        if (strcmp(answers[i].call, call) == 0) return answers[i].reply;
    return NULL;
}

void answer(const char *call, const char *reply) {
    int i = 0;
    while (i < answers_len && strcmp(answers[i].call, call) != 0) i++;
    if (i == answers_len) answers_len++;
    snprintf(answers[i].call, sizeof(answers[i].call), "%s", call);
    snprintf(answers[i].reply, sizeof(answers[i].reply), "%s", reply);
}

const char *calls(void) {
    static char last[sizeof(log_of_calls)];
    memcpy(last, log_of_calls, sizeof(last));
    *log_of_calls = 0;
    return last;
}

static void add_word(char *call, size_t size, const char *word, size_t len) {
    size_t n = strlen(call);
    snprintf(call + n, size - n, "%s%.*s", n ? " " : "", (int)len, word);
}

static RedisModuleCallReply *list_clients(const char *id) {
    char list[MANY * 64] = "";
    for (size_t i = 0; i < MANY; i++) {
        size_t n = strlen(list);
        if (!clients[i].id || (id && strtoull(id, NULL, 10) != clients[i].id)) continue;
        snprintf(list + n, sizeof(list) - n, "id=%llu addr=%s:5 %s user=%s\n", (unsigned long long)clients[i].id,
                 clients[i].address, clients[i].line, clients[i].user);
    }
    return new_text_reply(list);
}

RedisModuleCallReply *fake_Call(RedisModuleCtx *ctx, const char *command, const char *format, ...) {
    static const char by_id[] = "CLIENT LIST ID ";
    char call[8192] = "";
    va_list args;
    (void)ctx;
    add_word(call, sizeof(call), command, strlen(command));
    va_start(args, format);
    for (; *format; format++) {
        char number[32];
        const char *s;
        RedisModuleString **words;
        switch (*format) {
        case 'c':
            s = va_arg(args, const char *);
            add_word(call, sizeof(call), s, strlen(s));
            break;
        case 'b':
            s = va_arg(args, const char *);
            add_word(call, sizeof(call), s, va_arg(args, size_t));
            break;
        case 'l':
            snprintf(number, sizeof(number), "%lld", va_arg(args, long long));
            add_word(call, sizeof(call), number, strlen(number));
            break;
        case 's':
            s = va_arg(args, RedisModuleString *)->s;
            add_word(call, sizeof(call), s, strlen(s));
            break;
        case 'v':
            words = va_arg(args, RedisModuleString **);
            for (size_t n = va_arg(args, size_t); n > 0; n--, words++) add_word(call, sizeof(call), (*words)->s, (*words)->len);
            break;
        }
    }
    va_end(args);
    size_t n = strlen(log_of_calls);
    snprintf(log_of_calls + n, sizeof(log_of_calls) - n, "%s\n", call);
    const char *reply = find_answer(call);
    if (reply) return read_reply(reply);
    if (strcmp(call, "CLIENT LIST") == 0) return list_clients(NULL);
    if (strncmp(call, by_id, sizeof(by_id) - 1) == 0) return list_clients(call + sizeof(by_id) - 1);
    return read_reply("-ERR the fake knows no answer");
}
