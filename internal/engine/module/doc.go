// Package module is the engine module of aikagi: a small C module for Redis 6.2 and later and every
// Valkey, its compilation, and its settings. It sends every login to the ACL user of its token,
// and keeps the service's own users and connections out of what clients are shown.
//
// # Why
//
// The state "no token and token T both work" cannot be said in the ACL of a stock engine. While
// default is nopass, AUTH T is an error and AUTH default anything is accepted; with a password on
// default, clients without a token are out. And with two passwords on one user, the engine
// cannot say which of them a connection used. So each token has an ACL user of its own,
//
//	user token:<first 12 hex digits of sha256(token)> on #<sha256(token)> ...
//
// and a command filter puts that name into the login. The name is a function of the token alone:
// the module holds no table, there is nothing to keep in step with the ACL, and ACL SETUSER and
// DELUSER are the whole of a rotation. The engine checks the password. A token that nobody
// holds leads to a user that does not exist, and to WRONGPASS, also while default is nopass.
//
// # What the filter rewrites
//
//	AUTH pw                               AUTH token:<fp(pw)> pw
//	AUTH default pw                       AUTH token:<fp(pw)> pw
//	HELLO v ... AUTH default pw ...       HELLO v ... AUTH token:<fp(pw)> pw ...
//	AUTH token:x pw, also in HELLO        unchanged where x = fp(pw); otherwise a user that cannot exist
//	AUTH other pw, also in HELLO          unchanged
//	ACL WHOAMI|CAT|GENPASS|HELP|LOG [n]   unchanged
//	ACL LIST|USERS                        aikagi.acl LIST|USERS: no internal users, no password hashes
//	ACL anything else, ACL LOG RESET      "ACL anything", so: ERR unknown command 'ACL anything', ...
//	<ACL secret> anything                 ACL anything: how the service itself calls it
//	CLIENT LIST ...                       aikagi.client LIST ...: no connections of internal users
//
// Invariants:
//
//   - Rewriting is idempotent. Redis 7.0 filters a command again after CLIENT PAUSE held it.
//     That is why token:<fp(pw)> written by a client stays: it is what the filter writes, and
//     whoever can write it has the token. The service's ACL commands are known again by the
//     identity of one string object, which no client can produce.
//   - A word counts as the engine reads it: without case, up to the first NUL (the engine finds
//     "AUTH\x00123" as AUTH when the two share a hash bucket). What is let through, on
//     the contrary, must be exact.
//   - The engine never sees the ACL secret, so it is in no SLOWLOG, MONITOR, error or COMMAND. It is
//     in a file of mode 0600, since HELLO shows every client a module's arguments (7.0 and later).
//   - ACL LOG RESET is the operator's: the log is the record of refused logins.
//
// # What the rest of the service has to do
//
//   - Leave ACL under its own name (no rename-command): the module refuses to load otherwise, and an
//     engine that cannot load a module of its configuration does not start.
//   - End the rules of every user that a client can be with [ClientRules]. From 7.0 on, the engine
//     checks the caller's rights to the real ACL LIST, ACL USERS and CLIENT LIST inside.
//   - Deny those users what rename-command hides as well (-config, -replicaof, ...), and -acl|setuser,
//     -acl|deluser, -acl|load, -acl|save, -acl|getuser, -acl|dryrun, -psync, -replconf. ACL rules go by the
//     original names. It is what makes a leaked secret name useless, see below.
//   - Reserve the names "default", "token:..." and the internal prefix: no user of a user group may
//     have one. With a user group, the passwords of its user default are rendered as token users too;
//     a default without a password stays nopass, but then AUTH default x is refused where a stock engine accepts.
//   - Not take the end of an admin connection for the death of the engine: see CLIENT KILL below.
//
// # What cannot be hidden
//
//   - Names of other renamed commands: SLOWLOG GET shows the service's slow calls by their secret
//     names on every engine. MONITOR leaves administrative commands out, but would show
//     MIGRATE. Hence the ACL rules above.
//   - CLIENT KILL by ID, ADDR, TYPE, MAXAGE or SKIPME ends internal connections too; filters can only
//     be combined with "and", and Redis 7.0 does not tell a filter who is calling. The service
//     reconnects, and a replica resumes. INFO clients counts internal connections.
//   - HELLO and MODULE show that the module is there, its path, and the path of its settings.
//   - Fingerprints: WHOAMI, CLIENT LIST, ACL LIST and ACL LOG (for refused tokens too) show 48 bits of a token's
//     hash. That does not help against a random token, and lets a guess at a weak one be checked offline.
//   - HELLO with two AUTHs, the first refused: Redis 7.0 leaves the second password in SLOWLOG and MONITOR.
//   - A refused AUTH behind replies not yet sent (pipeline, MULTI) gets no reply at all, from Redis 7.2 on
//     (redis#15640) and in a Valkey without the fix of valkey#2106, like 8.0.1. It is refused all the same.
//   - On Redis 6.2, ClientRules alone decide about the cleaned answers, and AUTH with one argument
//     is refused while a script overruns its time limit: an argument inserted into a script's
//     command would corrupt that engine's memory, and a filter cannot tell the two apart.
package module
