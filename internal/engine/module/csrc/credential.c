#include "credential.h"

#include <string.h>

#define USER_LEN (1 + FINGERPRINT_LEN) /* with the sign before it */

void write_fingerprint(const unsigned char digest[SHA256_DIGEST], char to[FINGERPRINT_LEN]) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < FINGERPRINT_BYTES; i++) {
        to[2 * i] = digits[digest[i] >> 4];
        to[2 * i + 1] = digits[digest[i] & 15];
    }
}

void name_user(const char *user, size_t len, char name[CREDENTIAL_NAME]) {
    unsigned char digest[SHA256_DIGEST];
    sha256(user, len, digest);
    memset(name, 0, CREDENTIAL_NAME);
    name[0] = '@';
    write_fingerprint(digest, name + 1);
}

void name_password(const char fingerprint[FINGERPRINT_LEN], char name[CREDENTIAL_NAME]) {
    name[USER_LEN] = ':';
    memcpy(name + USER_LEN + 1, fingerprint, FINGERPRINT_LEN);
}

const char *fingerprint_of(const char *name) {
    return is_users_credential(name) && name[USER_LEN] ? name + USER_LEN + 1 : "";
}

int is_users_credential(const char *name) { return *name == '@'; }

/* is_fingerprint says whether a text begins with one, and goes on with that. */
static int is_fingerprint(const char *text, char then) {
    return strspn(text, "0123456789abcdef") == FINGERPRINT_LEN && text[FINGERPRINT_LEN] == then;
}

int is_credential(const char *name) {
    if (!is_users_credential(name)) return is_fingerprint(name, 0);
    return is_fingerprint(name + 1, 0) || (is_fingerprint(name + 1, ':') && is_fingerprint(name + USER_LEN + 1, 0));
}
