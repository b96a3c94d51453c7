/* What the engine watches for the gate: for each kind of clients a file, which it has under the number of its listener, and which
 * can be read while there is something to do (epoll(7): an epoll can be watched like any other file). A listener is in the file of the kind that
 * its mode lets in; one that lets both in is in that for plaintext. So is who has come to it and said nothing yet. The alarm is in both.
 *
 * An event says what it is about, and of a waiting socket whose turn it was, for the place may be another's by then. */
#ifndef AIKAGI_GATE_WATCH_H
#define AIKAGI_GATE_WATCH_H

#include <stdint.h>

#include "door.h"
#include "waiting.h"

/* open_watch makes the files, once. It returns 0, with errno, when the system has no more. */
int open_watch(void);
void close_watch(void);

/* watch_file returns the file of a kind; the watch owns it. */
int watch_file(enum kind kind);

/* watch_bell, watch_door and watch_waiting return 0, with errno, when the system does not. A listener whose mode has changed is watched again. */
int watch_bell(enum kind kind, int bell);
int watch_door(struct door *d);
int watch_waiting(struct waiting *w);
void stop_watching_door(const struct door *d);
void stop_watching(const struct waiting *w);

/* suspend_door leaves who comes in the system's own queue; resume_door goes on. */
void suspend_door(const struct door *d);
void resume_door(const struct door *d);

/* wake_at sets the alarm, by monotonic_ms, unless it is set to an earlier time; INT64_MAX: no time. */
void wake_at(int64_t time);

#define EVENTS 64

/* find_events looks what there is to do, without waiting, and returns how many events that are. */
int find_events(enum kind kind);

/* event_door and event_waiting return whom one of the last events of a kind is about, or NULL. is_alarm says whether it is the alarm, which
 * is not set any more then. */
struct door *event_door(enum kind kind, int index);
struct waiting *event_waiting(enum kind kind, int index);
int is_alarm(enum kind kind, int index);

#endif
