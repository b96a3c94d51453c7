/* What the gate's thread is woken by. An event says what it is about, and of a waiting socket whose turn it was, for the place
 * may be another's by then. For whoever holds the gate's lock, but for next_event. */
#ifndef AIKAGI_GATE_WATCH_H
#define AIKAGI_GATE_WATCH_H

#include "door.h"
#include "waiting.h"

/* open_watch returns 0, with errno, when the system has no more files. */
int open_watch(void);
void close_watch(void);

/* watch_door and watch_waiting return 0, with errno, when the system does not. */
int watch_door(const struct door *d);
int watch_waiting(const struct waiting *w);
void stop_watching(const struct waiting *w);

/* suspend_door leaves who comes in the system's own queue; resume_door goes on. */
void suspend_door(const struct door *d);
void resume_door(const struct door *d);

/* wake_thread has next_event return, on any thread. wake_event is what does it, for queue_on_room. */
void wake_thread(void);
int wake_event(void);

#define EVENTS 64

/* next_events waits for so many milliseconds, or for ever (-1), and returns how many events there are. */
int next_events(int timeout);

/* event_door and event_waiting return whom the event of an index is about, or NULL. */
struct door *event_door(int index);
struct waiting *event_waiting(int index);

#endif
