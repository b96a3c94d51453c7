/* The gate: it owns the addresses that clients connect to, and gives their sockets to the engine's own accept. README.md says how. It runs on
 * the engine's main thread, where the module directs it. */
#ifndef AIKAGI_GATE_H
#define AIKAGI_GATE_H

#include <stddef.h>
#include <stdio.h>

/* What the engine is to listen on, in its configuration: an address that no machine has (RFC 5737), so that an engine without
 * the gate refuses to start. A listener on it has no address at all; sockets come to it from the gate only. */
#define GATE_ADDRESS "192.0.2.1"
#define GATE_TLS_PORT 2 /* of the listener for TLS; one on any other port is for plaintext */

/* How many sockets the gate has at most that the engine does not have yet. The engine compares the numbers of its files with
 * its limit of clients, which has to be so much higher. As Files in package gate. */
#define GATE_FILES (2 * 512 + 512)

/* gate_is_in_front says whether the engine's calls come to the gate, as they do when the library was preloaded, and
 * the engine is linked dynamically. */
int gate_is_in_front(void);

/* gate_last_given returns the file that the engine's accept returned last, -1 before. A client in plaintext is opened before accept is called again. */
int gate_last_given(void);

/* gate_has_room says how many clients the engine has room for; whoever comes then is turned away, unless more returns that there is more by now. It is
 * called while the engine accepts, once for each client that there seems to be no room for. Without this call there is room for as many as an order lets in. */
void gate_has_room(long clients, long (*more)(void));

/* gate_obey brings about what an order says, all of it or nothing. When it returns, listeners are open or closed, and rules
 * and modes hold for whoever comes. Connections that are not allowed any more are ended within the time that the order has for
 * it. It returns 0, with a reason of at most size bytes, for an order that cannot be read (order.h) or an address that
 * cannot be listened on. */
int gate_obey(const char *order, size_t len, char *why, size_t size);

/* gate_report writes what the gate does, and has done, as lines of words; listeners are in the order's order. */
void gate_report(FILE *out);

/* gate_listeners writes what it listens on in the words of the engines' INFO, of which the engine knows nothing. */
void gate_listeners(FILE *out);

#endif
