#include "former.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "usagefile.h"

#define FORMER_LAYOUT 1
#define FORMER_CREDENTIALS 64
#define FORMER_CLIENTS 256

#define FORMER_NAME 16

struct former_credential {
    char name[FORMER_NAME];
    uint64_t authentications, refused, closed;
    int64_t first_used, last_used, first_refused, last_refused, touched;
    uint64_t other_closed, other_refused;
    int64_t other_first, other_last;
    struct second seconds[SECONDS];
};

struct former_client {
    char credential[FORMER_NAME];
    char address[CLIENT_ADDRESS], name[CLIENT_NAME];
    uint64_t closed, refused;
    int64_t first, last;
};

struct former {
    char magic[8];
    uint32_t layout, size;
    uint64_t none_open;
    struct former_credential credentials[FORMER_CREDENTIALS];
    struct former_client clients[FORMER_CLIENTS];
};

/* read_former returns 0 if the file is not one. */
static int read_former(const char *name, struct former *f) {
    struct stat st;
    int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return 0;
    int whole = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == (off_t)sizeof(*f) &&
                read(fd, f, sizeof(*f)) == (ssize_t)sizeof(*f);
    close(fd);
    return whole && memcmp(f->magic, USAGE_MAGIC, sizeof(USAGE_MAGIC)) == 0 &&
           f->layout == FORMER_LAYOUT && f->size == sizeof(*f);
}

/* What is wrong in it is found later, as in any file. */
static void convert(const struct former *f, struct usage *to) {
    memset(to, 0, sizeof(*to));
    memcpy(to->magic, USAGE_MAGIC, sizeof(USAGE_MAGIC));
    to->layout = USAGE_LAYOUT;
    to->size = sizeof(*to);
    to->none_open = f->none_open;
    for (int i = 0; i < FORMER_CREDENTIALS; i++) {
        const struct former_credential *c = &f->credentials[i];
        struct credential *t = &to->credentials[i];
        *t = (struct credential){
            .authentications = c->authentications, .refused = c->refused, .closed = c->closed,
            .first_used = c->first_used, .last_used = c->last_used,
            .first_refused = c->first_refused, .last_refused = c->last_refused, .touched = c->touched,
            .other_closed = c->other_closed, .other_refused = c->other_refused,
            .other_first = c->other_first, .other_last = c->other_last,
        };
        memcpy(t->name, c->name, FORMER_NAME);
        memcpy(to->seconds[i], c->seconds, sizeof(to->seconds[i]));
    }
    for (int i = 0; i < FORMER_CLIENTS; i++) {
        const struct former_client *k = &f->clients[i];
        struct client *t = &to->clients[i];
        *t = (struct client){.closed = k->closed, .refused = k->refused, .first = k->first, .last = k->last};
        memcpy(t->credential, k->credential, FORMER_NAME);
        memcpy(t->address, k->address, CLIENT_ADDRESS);
        memcpy(t->name, k->name, CLIENT_NAME);
    }
}

/* replace_file writes a file of another name first. */
static void replace_file(const char *name, const struct usage *u) {
    char other[64];
    snprintf(other, sizeof(other), "%s.new", name);
    int fd = open(other, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (fd < 0) return;
    int whole = write(fd, u, sizeof(*u)) == (ssize_t)sizeof(*u);
    close(fd);
    if (!whole || rename(other, name) != 0) unlink(other);
}

void renew_usage(const char *name) {
    struct former *f = malloc(sizeof(*f));
    struct usage *u = malloc(sizeof(*u));
    if (f && u && read_former(name, f)) {
        convert(f, u);
        replace_file(name, u);
    }
    free(f);
    free(u);
}
