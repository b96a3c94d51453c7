// Package module is the engine module of aikagi: a small C module for Redis 6.2 and later and every
// Valkey, its compilation, and its settings. It sends every login to the ACL user of its token,
// keeps the service's own users and connections out of what clients are shown and can end, counts who uses
// which token, honours parameters that no engine has, and has an engine tick faster while clients are connected. The same library, preloaded, is the gate: it
// owns the addresses that clients connect to, see package gate.
//
// csrc/README.md says how the C code is arranged, and on which threads it runs.
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
// letting in needs no table, there is nothing to keep in step with the ACL, and ACL SETUSER and
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
//	AUTH <ACL secret> pw, also in HELLO   AUTH token:<fp(pw)> pw, and not counted
//	ACL SETUSER|DELUSER|GETUSER|LOAD|SAVE "ACL SETUSER", so: ERR unknown command 'ACL SETUSER', ...
//	<ACL secret> anything                 ACL anything: how the service itself calls it
//	CLIENT TRACKING ... REDIRECT id       the id of none, if it is the service's connection's
//
// Of these it puts the name of a stand-in, a command of the module, into the place of the first word:
//
//	ACL CAT c, ACL DRYRUN, ACL LIST, ACL LOG, ACL USERS    no internal users, no password hashes
//	CLIENT KILL, CLIENT LIST, CLIENT UNBLOCK               no connections of the service
//	COMMAND and what it lists, LATENCY HISTOGRAM           no commands that clients do not have
//	INFO                                                   none of them, no path of the machine
//	RESTORE, RESTORE-ASKING                                where the rules of clients, as the user <internal prefix>rules
//	                                                       notes them, lack +restore: NOPERM, and what to do
//	SLOWLOG GET                                            no calls of the service
//
// A stand-in asks the engine, as the caller, and cleans the answer; of words that it does not understand the
// engine itself says what is wrong. It knows by the identity of its name that the filter called it. Called by that name
// it does not exist, and where an engine shows it, as the last command of a connection or a slow call, the
// original's name is written. It is not in MONITOR, which shows the engine's own command in its place, as called
// from ?:0.
//
// Invariants:
//
//   - Rewriting is idempotent. Redis 7.0 filters a command again after CLIENT PAUSE held it.
//     That is why token:<fp(pw)> written by a client stays: it is what the filter writes, and
//     whoever can write it has the token. The service's ACL commands are known again by the
//     identity of one string object, which no client can produce, and so are logins that were counted.
//   - A word counts as the engine reads it: without case, up to the first NUL (the engine finds
//     "AUTH\x00123" as AUTH when the two share a hash bucket). What is let through, on
//     the contrary, must be exact.
//   - The engine never sees the ACL secret, so it is in no SLOWLOG, MONITOR, error or COMMAND. It is
//     in a file of mode 0600, since HELLO shows every client a module's arguments (7.0 and later).
//   - ACL LOG RESET of clients resets what clients are shown, by time, for all of them, until the engine ends. The log itself
//     is the operator's record of refused logins, and [Admin.Usage] of package engine reads it.
//
// # Whose a connection is
//
// A connection is the service's if it came over the unix socket; if its user is internal; or if it comes from an address
// of [Settings.Network], has no user yet, and has done nothing but what replicas and the service's
// proofs begin with. The last is why nobody can hold up a token change or a failover by ending all others in a loop:
// replicas connect from their node's address (bind-source-addr), and the proofs from that of the node they prove. Whoever else
// does so is not ended and not seen until he does something else, which does nobody harm.
//
// Such a connection is in no CLIENT LIST and matches no CLIENT KILL; links between primary and
// replica are shown, with the user "(superuser)". CLIENT KILL is carried out here: filters are combined with "and", and
// before Valkey 8.1 none excludes. The engine judges the words, with a local address besides that no connection has. TYPE, and filters
// of later engines, are those of CLIENT LIST. A connection is counted before it is ended, because
// the engine takes its user away first, and closed by the end of the round of the event loop, one's own after the
// answer. What the service itself kills the engine kills, at once.
//
// # Places that clients cannot take
//
// An engine that has [ReservedClients] more places than clients are to have (maxclients) keeps the rest for connections from
// nodes' addresses, half of it, and for the unix socket. A client beyond is told "max number of clients reached", over TLS nothing, as by
// the engine, and INFO shows clients the number that is theirs. Of a connection over TLS the module is told when its
// handshake is over; at a tick, at most every 100 ms, the oldest of those that are not so far are closed if all are
// more than clients may have. Who connects without a handshake in a loop, and fast, can still take all places for moments
// in between. Nodes that do not count (Uncounted) have no such places.
//
// # What is counted, and when
//
//	login, in the filter    with a token that is held: authentications of it
//	                        with one that was once held: refused of it
//	                        with any other, or none that could be: refused of "unknown"
//	                        as a user, with a password of it: authentications of that
//	                        with one that was once its: refused of that
//	                        with any other: refused of the user
//	                        as a user that there is not, with none that there was: nothing
//	end of a connection     that had a token in the end: closed of it
//	                        that was a user in the end: closed of the password by which it came, if that is known,
//	                        or of the only one that the user has, or else of the user
//	                        that has none, and was opened while none was asked for, or ends while none
//	                        is: an authentication of NONE, and closed of it, unless nothing was ever sent
//	                        that has none, and one was asked for: refused of NONE, if the node ever held
//	                        NONE, the last command is none to get in by (AUTH, HELLO, RESET), no
//	                        login was refused on the connection, and it was not on its way, over TLS, when NONE ended
//
//	                        that came without TLS: an authentication of "plaintext", and closed of it, besides, unless nothing
//	                        was ever sent
//
// So one connection is one refusal of NONE, however often it asks. Whoever reaches the port can be
// counted there, by asking for something: it says that somebody came without a token, not that
// he ever had access.
//
// Users are those of clients, but default, whose passwords are tokens here.
//
// What is held the module reads from ACL LIST before each ACL command of the service, and at the
// first login after it: nobody else can change the ACL. It compares the whole digest. Invariants:
//
//   - A client cannot hide: all forms of a login count, also the one that names token:<fp> itself.
//     A HELLO counts as the engine will read it, see filter_hello. Scripts and
//     wrong numbers of arguments do not count, as they cannot log in.
//   - The service's own proofs do not count: they name the ACL secret as their user, and
//     end as a user of the service.
//   - All figures are in a mapped file of fixed size, [UsageFile]. A kill -9 loses nothing: the
//     connections of NONE that it ends are in the file, too, and counted at the next start, as
//     of then. What is found in the file is checked, not believed. Without room on the disk they are
//     in memory.
//   - The tables are bounded: 253 tokens and passwords, of which the oldest that is not held is given up, and 512
//     clients. Of those that were only ever refused, or else of all, the credential with the most
//     gives up the one that was not seen the longest, and adds it to its other-...: who cannot log in
//     pushes out one at most of those who could. Guesses are never in the table of tokens; who guesses at users takes a free place for each at the most.
//
// What is counted is the attempt, just before the engine makes it. It differs from the
// outcome where the engine does not get to it: AUTH in a MULTI that is discarded, AUTH from a
// RESP2 client that is subscribed, and a kill -9 between the two. Redis up to 7.0 does not tell a
// filter who is calling: there refused logins are not attributed to clients (ACL LOG has most of
// them), connections of a user with two passwords count for the user, a connection that goes on asking after one is a refusal of NONE too, a login while a
// script overruns its time limit is not counted, and a connection that logs in twice may be missing from
// NONE after a kill -9. A refused login does not make a connection another's:
// it stays one of NONE, if such are let in. What a connection came for is read off its last command in CLIENT LIST,
// where a word that is no command, like one that is renamed, is the same as none: it makes no
// refusal. As a use of NONE it counts where the engine tells how many bytes came (Valkey 8.0 and
// later), and elsewhere if it came in a later second than the connection.
//
// # Parameters of its own
//
// Two settings of the engine are the module's: the service sets them with CONFIG SET, each is in force from the next command on, and CONFIG
// GET shows them. They are forgotten when the engine ends. An engine that does not tell a filter whose command it is (before Redis 7.2) does
// not have them: who takes its primary for a client breaks replication. Of these only clients are meant: connections from a node's address
// and those of internal users are none, nor is a link to a primary, or a script.
//
// aikagi.close-on-replica-write, yes at first: a client that sends a replica a command that writes is told READONLY by the engine, and then its
// connection is closed, and counted as it was. The filter sees the command before, and finds out what the engine will say: it says READONLY
// if the command writes by itself (its flag in COMMAND), has the right number of words, and the user may call it. Nothing is closed before the
// engine has given its answer to the system, which is looked at after 1 ms, and less often if the client does not read. What
// the client has sent behind that command may still be carried out. The connection stays, on the contrary, if the engine says something else
// (NOPERM, NOAUTH, and to whoever told Valkey that it can be redirected REDIRECT), if the command is EVAL or the like, whatever
// the script does, or if it is the EXEC of a transaction that was begun when the node was a primary.
//
// aikagi.rename-commands, empty at first, or pairs OLD NEW OLD NEW: OLD is unknown, and NEW is what OLD was. The filter writes the engine's name
// in the place of NEW, so ACL rules, SLOWLOG, MONITOR, CLIENT LIST, COMMAND, INFO and errors about arguments have that, and MULTI queues it. In the place of OLD it
// writes a word that reads as OLD and that the engine does not find, so the engine says: ERR unknown command 'OLD'. A name that the engine knows cannot be a new one.
//
// # Ticks
//
// While a client is connected, hz is at least 10: tick.h. An hz above that is left alone, and one that the module has
// raised goes back to 1 when the last client leaves. Connections of internal users, and those over the unix socket, are no
// clients. The module calls CONFIG by the name in its settings.
//
// # aikagi.usage [CLIENTS]
//
// It answers users of the service only; for clients there is no such command. Words are added to
// lines, and lines of new kinds, without a new version. Times are in milliseconds since 1970, 0 for never.
//
//	usage 1 now=T survives=0|1 attributes=0|1 passwordless=0|1 names=0|1 gate=0|1
//	credential NONE|unknown|plaintext|<fp>|@<user>|@<user>:<fp> held=0|1 authentications=N minute=N refused=N closed=N
//	    first-used=T last-used=T first-refused=T last-refused=T
//	    other-closed=N other-refused=N other-first=T other-last=T [once-held=1]
//	client <credential> addr=IP name=NAME closed=N refused=N first=T last=T
//	stranger ID tried=0|1
//	plaintext ID
//	user ID @<user>|@<user>:<fp>
//	live NONE|plaintext|<fp>|@<user>|@<user>:<fp> connections=N
//
// @<user>: a user, by the first digits of its name's digest; see csrc/credential.h. survives: the figures are in the file. attributes: refused is known for clients. minute: of the
// authentications those of the last 60 seconds. once-held: of NONE, which was let in by this node, used or not.
// stranger: a live connection of neither a token nor NONE; tried: a login was refused on it. live: how many
// plaintext: a live connection of a client without TLS. gate: the engine has one. live: how many
// there are of a credential, with those that are about to log in among NONE's. Live
// connections are not in the other figures of NONE and plaintext yet. With CLIENTS the answer is an array of the report and
// of CLIENT LIST as of the same moment.
//
// # aikagi.gate OBEY order | REPORT
//
// For users of the service only, too. An order is what csrc/gate/order.h describes, and package gate renders; it is obeyed whole, or
// refused with the line that is wrong, or the address that cannot be listened on. Words are added to lines of the report, and lines
// of new kinds, without a new version. Counts are since the engine's start, and a listener's since it was opened.
//
//	gate 1 waiting=N suspended=0|1 watch=0|1 source-limit=N rate-limit=N plaintext=N tls=N clients=N queued-plaintext=N queued-plaintext-most=N
//	    queued-tls=N queued-tls-most=N refused-rules=N refused-mode=N refused-silence=N refused-clients=N refused-queue=N refused-source=N
//	ended rules=N mode=N left=N barred-clients=N shut-out=N leaving=N leaving-clients=N
//	listener ADDRESS port=N mode=MODE rules=NAME|- shared=0|1 suspended=0|1 plaintext=N tls=N refused-...=N
//	refused ADDRESS age=MS rules=N mode=N silence=N clients=N queue=N source=N
//	guest ADDRESS at=ADDRESS port=N open=N opened=N age=MS
//
// waiting: sockets that have said nothing. suspended: some listener is, or this one. plaintext, tls: connections that the engine has, or of a listener, has had; clients: those of
// both that are not the service's. ended: because an order did not allow them any more; left: those that are about to be; barred-clients: how
// many the last order barred by its modes, but for the service's; shut-out: how many it ended by its rules; leaving: ended because they came by an address that is
// left; leaving-clients: how many the last order found. Of refused addresses the last 64 are known; of guests, while the gate watches, 128.
//
// # What the rest of the service has to do
//
//   - Leave ACL under its own name (no rename-command): the module refuses to load otherwise, and an
//     engine that cannot load a module of its configuration does not start.
//   - End the rules of every user that a client can be, and that does not have +@all, with [ClientRules]. From 7.0 on, the engine
//     checks the caller's rights to the real commands inside.
//   - Have replicas connect from an address of [Settings.Network], and the proofs, and no clients.
//   - Load the module by a path that tells nothing of the machine, for HELLO shows it; and preload the same file (LD_PRELOAD), or the
//     engine has no gate.
//   - Deny those users what rename-command hides as well (-config, -replicaof, ...), and -acl|setuser,
//     -acl|deluser, -acl|load, -acl|save, -acl|getuser, -psync, -replconf. ACL rules go by the
//     original names. It is what makes a leaked secret name useless, see below.
//   - Reserve the names "default", "token:..." and the internal prefix: no user of a user group may
//     have one. With a user group, the passwords of its user default are rendered as token users too;
//     a default without a password stays nopass, but then AUTH default x is refused where a stock engine accepts.
//
// # What cannot be hidden
//
//   - MONITOR shows PING, INFO, ROLE and the like of the service, as called from the unix socket or ?:0. It leaves
//     administrative commands out, but would show MIGRATE by its secret name. Hence the ACL rules above.
//   - HELLO shows that the module is there, the path that it was loaded by, and the name of its settings: it changes the state of
//     its own connection, so that the engine has to carry it out. acl_check_cmd of scripts knows the stand-ins.
//   - INFO counts the service's calls in its statistics, but not its connections over the socket. SLOWLOG LEN counts its slow calls.
//   - COMMAND INFO and DOCS of ACL list the subcommands that clients do not have.
//   - Fingerprints: WHOAMI, CLIENT LIST, ACL LIST and ACL LOG (for refused tokens too) show 48 bits of a token's
//     hash. That does not help against a random token, and lets a guess at a weak one be checked offline.
//   - HELLO with two AUTHs, the first refused: Redis 7.0 leaves the second password in SLOWLOG and MONITOR.
//   - A refused AUTH behind replies not yet sent (pipeline, MULTI) gets no reply at all, from Redis 7.2 on
//     (redis#15640) and in a Valkey without the fix of valkey#2106, like 8.0.1. It is refused all the same.
//   - On Redis 6.2, ClientRules alone decide about the cleaned answers, and AUTH with one argument
//     is refused while a script overruns its time limit: an argument inserted into a script's
//     command would corrupt that engine's memory, and a filter cannot tell the two apart.
package module
