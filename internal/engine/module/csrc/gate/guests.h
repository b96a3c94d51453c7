/* Who comes through which listener, by address, while an order has the gate watch. The service is no guest. */
#ifndef AIKAGI_GATE_GUESTS_H
#define AIKAGI_GATE_GUESTS_H

#include <stdint.h>
#include <stdio.h>

#include "handed.h"

#define GUESTS 128 /* known one by one; the one that came longest ago makes room */

/* note_guest is called with a connection that was let in. */
void note_guest(const struct handed *h, int64_t now);

/* note_present notes all connections that there are. */
void note_present(int64_t now);

void forget_guests(void);

/* report_guests writes a line for each. Who is connected has been there now. */
void report_guests(FILE *out, int64_t now);

#endif
