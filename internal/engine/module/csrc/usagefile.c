#include "usagefile.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "former.h"

#define USAGE_FILE "aikagi-usage"

struct usage *usage;
int usage_survives;

void copy_word(char *to, const char *from, size_t size) {
    size_t len = strnlen(from, size - 1);
    memcpy(to, from, len);
    memset(to + len, 0, size - len);
}

/* is_word says that the text ends within its array and can stand in a line of the report. */
static int is_word(const char *text, size_t size) {
    size_t len = strnlen(text, size);
    for (size_t i = 0; i < len; i++)
        if (text[i] < '!' || text[i] > '~') return 0;
    return len < size;
}

/* Whatever is larger was not counted but found on a damaged disk. */
#define LARGEST ((uint64_t)1 << 53)
static void check_count(uint64_t *count) {
    if (*count > LARGEST) *count = 0;
}

static void check_time(int64_t *at, int64_t now) {
    if (*at < 0 || *at > now) *at = *at < 0 ? 0 : now;
}

static void check_credential(struct credential *c, int64_t now) {
    check_count(&c->authentications);
    check_count(&c->refused);
    check_count(&c->closed);
    check_count(&c->other_closed);
    check_count(&c->other_refused);
    check_time(&c->first_used, now);
    check_time(&c->last_used, now);
    check_time(&c->first_refused, now);
    check_time(&c->last_refused, now);
    check_time(&c->touched, now);
    check_time(&c->other_first, now);
    check_time(&c->other_last, now);
}

int find_credential(const char *name) {
    for (int i = 0; i < CREDENTIALS; i++)
        if (strncmp(usage->credentials[i].name, name, CREDENTIAL_NAME) == 0) return i;
    return -1;
}

/* check_file makes whatever is in the file something that can be counted on. */
static void check_file(void) {
    int64_t now = now_ms();
    struct credential *c = usage->credentials;
    copy_word(c[NONE].name, "NONE", CREDENTIAL_NAME);
    copy_word(c[UNKNOWN].name, "unknown", CREDENTIAL_NAME);
    for (int i = 0; i < CREDENTIALS; i++) {
        if (i > UNKNOWN &&
            (!is_word(c[i].name, CREDENTIAL_NAME) || find_credential(c[i].name) != i ||
             (!is_credential(c[i].name) && strcmp(c[i].name, PLAINTEXT_NAME) != 0)))
            memset(&c[i], 0, sizeof(c[i]));
        check_credential(&c[i], now);
    }
    for (int i = 0; i < CLIENTS; i++) {
        struct client *k = &usage->clients[i];
        if (!is_word(k->credential, CREDENTIAL_NAME) || !k->credential[0] ||
            find_credential(k->credential) < 0 || !is_word(k->address, CLIENT_ADDRESS) ||
            !is_word(k->name, CLIENT_NAME)) {
            memset(k, 0, sizeof(*k));
            continue;
        }
        check_count(&k->closed);
        check_count(&k->refused);
        check_time(&k->first, now);
        check_time(&k->last, now);
    }
    /* The engine was killed: so were its connections. */
    if (usage->none_open > 1000000) usage->none_open = 0;
    if (usage->none_open) {
        c[NONE].authentications += usage->none_open;
        c[NONE].closed += usage->none_open;
        c[NONE].other_closed += usage->none_open;
        if (!c[NONE].first_used) c[NONE].first_used = now;
        if (!c[NONE].other_first) c[NONE].other_first = now;
        c[NONE].last_used = c[NONE].other_last = c[NONE].touched = now;
    }
    usage->none_open = 0;
}

/* map_file returns the file's mapping, or NULL. The blocks are really taken: on a disk that is full a store
 * into a hole would kill the engine. */
static void *map_file(const char *name) {
    struct stat st;
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (fd < 0) return NULL;
    void *at = MAP_FAILED;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && fchmod(fd, 0600) == 0 &&
        (st.st_size == (off_t)sizeof(struct usage) || ftruncate(fd, 0) == 0) &&
        posix_fallocate(fd, 0, sizeof(struct usage)) == 0)
        at = mmap(NULL, sizeof(struct usage), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return at == MAP_FAILED ? NULL : at;
}

int open_usage(RedisModuleCtx *ctx) {
    renew_usage(USAGE_FILE);
    usage = map_file(USAGE_FILE);
    usage_survives = usage != NULL;
    if (!usage) {
        RedisModule_Log(ctx, "warning",
                        "the usage file cannot be had; a restart will lose the figures");
        usage = mmap(NULL, sizeof(struct usage), PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (usage == MAP_FAILED) return 0;
    }
    if (memcmp(usage->magic, USAGE_MAGIC, sizeof(USAGE_MAGIC)) != 0 ||
        usage->layout != USAGE_LAYOUT || usage->size != sizeof(struct usage)) {
        memset(usage, 0, sizeof(*usage));
        usage->layout = USAGE_LAYOUT;
        usage->size = sizeof(*usage);
        memcpy(usage->magic, USAGE_MAGIC, sizeof(USAGE_MAGIC));
    }
    check_file();
    return 1;
}
