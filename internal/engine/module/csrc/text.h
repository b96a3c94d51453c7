/* Text that grows. It takes its memory from the engine, so it is for the engine's main thread. */
#ifndef AIKAGI_TEXT_H
#define AIKAGI_TEXT_H

#include <stddef.h>

/* text is owned by who made it with new_text, and given back with free_text. Its len bytes do not end with a NUL. */
struct text {
    char *s;
    size_t len, size;
};

/* new_text has room for size bytes before it has to grow. The engine ends when there is no memory. */
struct text new_text(size_t size);
void free_text(struct text *t);

/* put appends len bytes, which may not be the text's own. put_word appends up to the NUL. */
void put(struct text *t, const char *s, size_t len);
void put_word(struct text *t, const char *word);

/* say appends what printf would print. More than 511 bytes, which no line of ours has, are left out as a whole. */
__attribute__((format(printf, 2, 3))) void say(struct text *t, const char *format, ...);

#endif
