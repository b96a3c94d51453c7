/* The gate's thread, and its lock. */
#ifndef AIKAGI_GATE_THREAD_H
#define AIKAGI_GATE_THREAD_H

#include <stddef.h>

/* start_thread starts the thread, once; there is none before. It returns 0 with a reason when it cannot. */
int start_thread(char *why, size_t size);

/* The lock guards the listeners, what waits, who was refused, and the order in force. It is held for a few microseconds at a
 * time. */
void lock_gate(void);
void unlock_gate(void);

#endif
