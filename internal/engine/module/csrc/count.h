/* Counting: by credential, and by the clients of each. For the engine's main thread, after open_usage. The entries are
 * those of the usage file: they are never freed, but each may be given up for another by the functions that make one. */
#ifndef AIKAGI_COUNT_H
#define AIKAGI_COUNT_H

#include "usagefile.h"

/* hash_clients is for the entries that were in the file. It comes before all others. */
void hash_clients(void);

/* count_use counts an accepted login at a time that is not in the future. */
void count_use(struct credential *c, int64_t at, int64_t now);

void count_refusal(struct credential *c, int64_t now);

/* last_minute returns how many uses there were within the last 60 seconds. */
uint64_t last_minute(const struct credential *c, int64_t now);

/* client_of finds the client's entry or makes one, if need be at the cost of another. */
struct client *client_of(const char *credential, const char *address, const char *name, int64_t now);

/* plaintext_use is the entry of what comes without TLS, which is never given up; NULL when there is no place for it. */
struct credential *plaintext_use(void);

/* keep_credentials gives everything that is held an entry, so that it is known for what was once
 * held. The names are n texts, stride bytes apart. */
void keep_credentials(const char *names, size_t stride, int n);

/* place_of_users finds an entry; one of a user's is made if there is a free place: who only guesses gives nobody's up. -1:
 * there is none. */
int place_of_users(const char *name);

/* credential_is_held says whether keep_credentials last saw it. */
int credential_is_held(int at);

#endif
