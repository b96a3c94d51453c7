#include "sources.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#define PER_SECOND 1000 /* parts of a connection that a rate of one gives each second, so that clocks of milliseconds do */

struct source {
    unsigned char key[16]; /* of the last one, in a place that is shared */
    long connections;
    int64_t parts;   /* that were not used up yet, of which PER_SECOND are a connection */
    int64_t refreshed; /* when; 0: it has never come */
};

static pthread_mutex_t sources_lock = PTHREAD_MUTEX_INITIALIZER;
static struct source sources[SOURCE_SETS][SOURCE_WAYS + 1]; /* most of it is never touched, and takes no memory */
static uint32_t salt;                                      /* so that nobody can choose addresses that share a set */

static void key_of(const struct address *from, unsigned char key[16]) {
    memset(key, 0, 16);
    memcpy(key, from->ip, is_v4(from) ? 16 : 8);
}

static uint32_t set_of(const unsigned char key[16]) {
    while (!salt && getrandom(&salt, sizeof(salt), GRND_NONBLOCK) != (ssize_t)sizeof(salt)) salt = 1;
    uint32_t hash = 2166136261u ^ salt; /* FNV-1a */
    for (size_t i = 0; i < 16; i++) hash = (hash ^ key[i]) * 16777619u;
    return (hash ^ hash >> 16) % SOURCE_SETS;
}

/* place_of_source returns the source's place, which it gives it if it has none: one that nobody has any connection from, and that
 * was used longest ago. */
static struct source *place_of_source(const struct address *from) {
    unsigned char key[16];
    key_of(from, key);
    struct source *set = sources[set_of(key)], *found = &set[SOURCE_WAYS];
    for (struct source *s = set; s < set + SOURCE_WAYS; s++) {
        if (s->refreshed && memcmp(s->key, key, sizeof(key)) == 0) return s;
        if (!s->connections && (found == &set[SOURCE_WAYS] || s->refreshed < found->refreshed)) found = s;
    }
    if (found == &set[SOURCE_WAYS]) return found;
    memset(found, 0, sizeof(*found));
    memcpy(found->key, key, sizeof(key));
    return found;
}

int source_arrives(const struct address *from, long rate, int64_t now) {
    pthread_mutex_lock(&sources_lock);
    struct source *s = place_of_source(from);
    int64_t most = rate * PER_SECOND, passed = now - s->refreshed;
    s->parts = !s->refreshed || passed >= PER_SECOND || s->parts + passed * rate > most ? most : s->parts + passed * rate;
    s->refreshed = now;
    int may = !rate || s->parts >= PER_SECOND;
    if (rate && may) s->parts -= PER_SECOND;
    pthread_mutex_unlock(&sources_lock);
    return may;
}

int source_enter(const struct address *from, long most) {
    int place = NO_SOURCE;
    pthread_mutex_lock(&sources_lock);
    struct source *s = place_of_source(from);
    if (!s->refreshed) s->refreshed = 1;
    if (!most || s->connections < most) {
        s->connections++;
        place = (int)(s - &sources[0][0]);
    }
    pthread_mutex_unlock(&sources_lock);
    return place;
}

void source_leave(int place) {
    if (place < 0) return;
    pthread_mutex_lock(&sources_lock);
    (&sources[0][0])[place].connections--;
    pthread_mutex_unlock(&sources_lock);
}

void sources_fork(int begins) {
    if (begins) pthread_mutex_lock(&sources_lock);
    else pthread_mutex_unlock(&sources_lock);
}
