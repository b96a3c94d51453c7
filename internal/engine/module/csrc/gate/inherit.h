/* What the engine sets on each of its connections is set on the listeners beforehand: who comes to one has it from there (Linux's sk_clone, in
 * net/core/sock.c), and the engine's calls, a quarter of those that a connection costs it, need not go to the system.
 *
 * Only what means nothing unless the engine asks for more is passed on like this: that nothing is held back (TCP_NODELAY), which engines ask for
 * all clients, and the times of keepalive, which holds for those on whom the engine turns it on (SO_KEEPALIVE) with a call of its own.
 */
#ifndef AIKAGI_GATE_INHERIT_H
#define AIKAGI_GATE_INHERIT_H

#include <sys/socket.h>

struct door;
struct arrival;

/* bequeath sets on a listener that nobody has come to yet what all who come are to have; 0, with errno: it cannot be set. */
int bequeath(int fd);

/* heirs_only notes that nobody is left in a listener's queue who came before it had all that there is now. */
void heirs_only(struct door *d);

/* has_inherited says whether a socket that the engine has just been given has what the engine is about to set. If not, that is for the system to
 * do, and those who come later have it. */
int has_inherited(struct arrival *a, int level, int option, const void *value, socklen_t len);

#endif
