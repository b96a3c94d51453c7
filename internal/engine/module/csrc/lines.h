/* The engine's answers as lines, and the fields of those of CLIENT LIST. Pure: nothing is changed or owned, and what is
 * returned points into the text. */
#ifndef AIKAGI_LINES_H
#define AIKAGI_LINES_H

#include <stddef.h>

/* line is a part of a text, with its newline. Only the last line of a text may have none. */
struct line {
    const char *s;
    size_t len;
};

/* next_line goes on to the line after this one, and from {0} to the first. It returns 0 when there is none. */
int next_line(struct line *line, const char *text, size_t len);

/* find_field returns the value of a field of a line of CLIENT LIST and its length, or NULL and 0. key is " key=". No
 * value has a space in it. */
const char *find_field(const char *line, size_t len, const char *key, size_t *value_len);

/* field_is compares the whole value. A field that is not there is nothing, not even empty. */
int field_is(const char *line, size_t len, const char *key, const char *want, size_t want_len);

/* field_number returns -1 when there is no such field. */
long long field_number(const char *line, size_t len, const char *key);

/* line_id returns the id that a line of CLIENT LIST begins with, or 0. */
long long line_id(const struct line *line);

#endif
