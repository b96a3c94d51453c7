/* The end of connections that were allowed and are not any more. */
#ifndef AIKAGI_GATE_ENDS_H
#define AIKAGI_GATE_ENDS_H

#include <stdint.h>
#include <stdio.h>

#include "door.h"

/* end_barred is called when an order has come into force. Connections whose address no rule allows end at once; those in
 * plaintext where TLS is required, or over TLS where there is none, and those of clients that came by an address which is left, end one
 * after the other, within the order's time, so that not all of them come back at once. */
void end_barred(int64_t now);

/* end_guests ends the connections of clients that came through a listener, those that the engine does not have yet too. */
void end_guests(const struct door *d);

/* go_on_ending ends as many as are due. */
void go_on_ending(int64_t now);

/* ends_due returns when go_on_ending has to be called; INT64_MAX: not. */
int64_t ends_due(void);

void report_ends(FILE *out);

#endif
