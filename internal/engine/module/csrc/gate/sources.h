/* Where connections come from: how many the engine has from each source, and how many more may just now. A source is a v4 address, or
 * a v6 network of 64 bits, as one host is given.
 *
 * Places for sources are bounded. Those for which there is none share one with others of their kind, and its limits with it: nobody
 * escapes the limits by coming from many.
 *
 * For any thread: there is a lock within. */
#ifndef AIKAGI_GATE_SOURCES_H
#define AIKAGI_GATE_SOURCES_H

#include <stdint.h>

#include "address.h"

#define SOURCE_WAYS 8
#define SOURCE_SETS 2048 /* each with SOURCE_WAYS sources that are told apart, and a place for all others */

#define NO_SOURCE (-1)

/* source_arrives says whether one more may come from there now. Each source may have rate a second, and as many at once after a second
 * without any; 0: it may always. */
int source_arrives(const struct address *from, long rate, int64_t now);

/* source_enter counts a connection, unless its source has as many as there may be (0: any number), and returns the place to leave
 * when it ends; NO_SOURCE if it is not counted. */
int source_enter(const struct address *from, long most);

void source_leave(int place);

void sources_fork(int begins);

#endif
