/* The time of day. Any thread may call it. */
#ifndef AIKAGI_CLOCK_H
#define AIKAGI_CLOCK_H

#include <stdint.h>

/* now_ms returns milliseconds since 1970. */
int64_t now_ms(void);

#endif
