/* Which tokens and passwords the engine accepts, as its own ACL says. It is asked again at the next login
 * after every ACL command of the service, and nobody else can change the ACL. For the engine's main thread. */
#ifndef AIKAGI_HELD_H
#define AIKAGI_HELD_H

#include "credential.h"

#define TOKEN_PREFIX "token:"
#define TOKEN_PREFIX_LEN (sizeof(TOKEN_PREFIX) - 1)
#define TOKEN_USER_LEN (TOKEN_PREFIX_LEN + FINGERPRINT_LEN)

/* acl_may_change has the ACL read again, when somebody next asks for it. */
void acl_may_change(void);

/* refresh_held reads the ACL, if it may have changed. An engine that does not answer now is asked again next time. */
void refresh_held(void);

/* The rest tells what was read last. Digests are compared whole, and for as long whatever they are. Users are those of
 * clients but default, by the names of their credentials. */
int is_held(const unsigned char digest[SHA256_DIGEST]); /* of a token */
int is_users_password(const char *user, const unsigned char digest[SHA256_DIGEST]);
int is_user(const char *user); /* it can log in */

/* only_password is the credential of the one password that a user has, or NULL. */
const char *only_password(const char *user);

int is_passwordless(void);    /* default is on and nopass */
unsigned none_ended(void);    /* how often it was, and was no more */
int is_restore_allowed(void); /* the rules of clients, as the service notes them */

/* none_was_held says that this node once let in without a token, whether anybody came or not: a replica that
 * nobody used becomes the primary of those who did. */
int none_was_held(void);

#endif
