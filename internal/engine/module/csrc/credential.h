/* What credentials are called in the usage file and the report. Pure: any thread may call it.
 *
 *   FINGERPRINT        a token, or a password of the user named default
 *   @USER:FINGERPRINT  a password of another user
 *   @USER              that user, for what is not known to be of one of its passwords
 *
 * A fingerprint is the first digits of the digest of a token or password, and USER those of a name's. */
#ifndef AIKAGI_CREDENTIAL_H
#define AIKAGI_CREDENTIAL_H

#include <stddef.h>

#include "sha256.h"

#define CREDENTIAL_NAME 32
#define FINGERPRINT_BYTES 6
#define FINGERPRINT_LEN (2 * FINGERPRINT_BYTES)

/* write_fingerprint writes the first digits of a digest, and no NUL. */
void write_fingerprint(const unsigned char digest[SHA256_DIGEST], char to[FINGERPRINT_LEN]);

/* name_user makes the credential of a user. */
void name_user(const char *user, size_t len, char name[CREDENTIAL_NAME]);

/* name_password makes that of one of its passwords of it. */
void name_password(const char fingerprint[FINGERPRINT_LEN], char name[CREDENTIAL_NAME]);

/* fingerprint_of is what the credential of a password of a user ends with, or an empty text. */
const char *fingerprint_of(const char *name);

int is_users_credential(const char *name);

/* is_credential says whether it could be one of those above. */
int is_credential(const char *name);

#endif
