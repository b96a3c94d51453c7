/* Comparisons of words, which keep the module reading commands as the engine does. Nothing is changed or owned. Those
 * of arguments are for the engine's main thread. */
#ifndef AIKAGI_NAMES_H
#define AIKAGI_NAMES_H

#include "redismodule_abi.h"

/* reads_as compares like the engine looks up commands and options: without case, and only up
 * to the first NUL. Comparing whole arguments would let "AUTH\0..." past us, which the engine
 * takes for AUTH as an option of HELLO, and as a command whenever the hash buckets agree. */
int reads_as(const RedisModuleString *arg, const char *word);

/* is_exactly is for what we let through: nothing that the engine might read another way. */
int is_exactly(const RedisModuleString *arg, const char *word);

/* is_number takes digits alone, at least one. */
int is_number(const RedisModuleString *arg);

/* is_acl_secret takes the same time wherever a guess goes wrong. */
int is_acl_secret(const RedisModuleString *arg);

/* is_internal says of the name of a user whether it is the service's. */
int is_internal(const char *user, size_t len);

/* word_is compares bytes with all of a word. */
int word_is(const char *word, size_t len, const char *want);

#endif
