/* SHA-256 (FIPS 180-4), of what is in memory as a whole. Pure: any thread may call it. */
#ifndef AIKAGI_SHA256_H
#define AIKAGI_SHA256_H

#include <stddef.h>

#define SHA256_DIGEST 32

/* sha256 writes the digest of len bytes, and leaves nothing of them behind on the stack. */
void sha256(const char *data, size_t len, unsigned char digest[SHA256_DIGEST]);

/* wipe is a memset to 0 that the compiler may not drop. */
void wipe(void *p, size_t len);

#endif
