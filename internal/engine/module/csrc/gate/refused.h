/* Who was refused, by address. */
#ifndef AIKAGI_GATE_REFUSED_H
#define AIKAGI_GATE_REFUSED_H

#include <stdint.h>
#include <stdio.h>

#include "address.h"

#define KNOCKING 64 /* addresses that are known one by one; the one that was refused longest ago makes room */

enum why {
    BY_RULES,    /* no rule lets its address in */
    BY_MODE,     /* it spoke plaintext where TLS is required */
    BY_SILENCE,  /* it said nothing */
    BY_CLIENTS,  /* there are as many clients as there may be */
    BY_QUEUE,    /* the engine does not come to accept it */
    BY_SOURCE,   /* there are as many from its source as there may be, or come as often */
    WHYS
};

extern const char *const why_words[WHYS];

void note_refusal(const struct address *from, enum why why, int64_t now);

uint64_t refusals(enum why why);

/* report_refusals writes a line for each address. */
void report_refusals(FILE *out, int64_t now);

#endif
