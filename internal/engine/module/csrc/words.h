/* A table of words that reads them as the engine reads names of commands: without case, and only up to the first NUL. It takes its
 * memory from the engine, so it is for the engine's main thread. */
#ifndef AIKAGI_WORDS_H
#define AIKAGI_WORDS_H

#include <stddef.h>

#define WORD_SIZE 64 /* with the NUL; no name of a command is as long */

struct known_word {
    char name[WORD_SIZE]; /* in lower case; empty: the place is free */
    int value;
};

/* words is owned by who made it with new_words, and given back with free_words; {0} has none. */
struct words {
    struct known_word *all;
    size_t size, count; /* size is a power of two, or 0 */
};

/* new_words has room for so many. */
struct words new_words(size_t most);
void free_words(struct words *t);

/* add_word enters a word. It returns 0 for one that is there already, that is empty, too long or has a NUL in it, and when there is no
 * room. */
int add_word(struct words *t, const char *name, size_t len, int value);

/* find_word returns NULL for a word that is not in the table. */
const struct known_word *find_word(const struct words *t, const char *name, size_t len);

#endif
