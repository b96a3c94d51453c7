/* Settings of the module, and the comparisons that keep it reading commands as the engine does. */
#ifndef AIKAGI_NAMES_H
#define AIKAGI_NAMES_H

#include <string.h>
#include <strings.h>

#include "redismodule_abi.h"

#define MODULE_NAME "aikagi"
#define MAX_NAME 128

static char acl_secret[MAX_NAME];      /* the name by which the service calls the whole of ACL */
static char internal_prefix[MAX_NAME]; /* how the names of internal users begin */
static char config_name[MAX_NAME] = "CONFIG"; /* the name by which the engine knows CONFIG */
static int counting = 1;               /* whether uses are counted */
static int since_7_0;                  /* Redis 7.0 and later, and every Valkey */
static int filters_once;               /* Redis 7.2 and later, and every Valkey */

/* reads_as compares like the engine looks up commands and options: without case, and only up
 * to the first NUL. Comparing whole arguments would let "AUTH\0..." past us, which the engine
 * takes for AUTH as an option of HELLO, and as a command whenever the hash buckets agree. */
static int reads_as(const RedisModuleString *arg, const char *word) {
    return strcasecmp(RedisModule_StringPtrLen(arg, NULL), word) == 0;
}

/* is_exactly is for what we let through: nothing that the engine might read another way. */
static int is_exactly(const RedisModuleString *arg, const char *word) {
    size_t len;
    const char *s = RedisModule_StringPtrLen(arg, &len);
    return len == strlen(word) && strcasecmp(s, word) == 0;
}

/* is_acl_secret takes the same time wherever a guess goes wrong. */
static int is_acl_secret(const RedisModuleString *arg) {
    size_t len;
    const char *s = RedisModule_StringPtrLen(arg, &len);
    if (len != strlen(acl_secret)) return 0;
    unsigned char differ = 0;
    for (size_t i = 0; i < len; i++) differ |= (unsigned char)(s[i] ^ acl_secret[i]);
    return differ == 0;
}

static int is_internal(const char *user, size_t len) {
    size_t n = strlen(internal_prefix);
    return len >= n && memcmp(user, internal_prefix, n) == 0;
}

#endif
