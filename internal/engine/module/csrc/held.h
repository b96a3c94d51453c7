/* Which tokens the engine accepts, as its own ACL says. It is asked again at the next login
 * after every ACL command of the service, and nobody else can change the ACL. For the engine's main thread. */
#ifndef AIKAGI_HELD_H
#define AIKAGI_HELD_H

#include "sha256.h"

#define TOKEN_PREFIX "token:"
#define TOKEN_PREFIX_LEN (sizeof(TOKEN_PREFIX) - 1)
#define FINGERPRINT_BYTES 6
#define FINGERPRINT_LEN (2 * FINGERPRINT_BYTES)
#define TOKEN_USER_LEN (TOKEN_PREFIX_LEN + FINGERPRINT_LEN)

/* acl_may_change has the ACL read again, when somebody next asks for it. */
void acl_may_change(void);

/* refresh_held reads the ACL, if it may have changed. An engine that does not answer now is asked again next time. */
void refresh_held(void);

/* The rest tells what was read last. is_held compares the whole digest, and for as long whatever it is. */
int is_held(const unsigned char digest[SHA256_DIGEST]);
int is_passwordless(void);    /* default is on and nopass */
int is_restore_allowed(void); /* the rules of clients, as the service notes them */

/* none_was_held says that this node once let in without a token, whether anybody came or not: a replica that
 * nobody used becomes the primary of those who did. */
int none_was_held(void);

#endif
