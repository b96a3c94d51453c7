/* The system's own calls, which the gate stands in front of. Only the gate uses these; whoever else calls bind, listen,
 * accept, accept4, setsockopt, getpeername or close comes to interpose.c. */
#ifndef AIKAGI_GATE_SYSTEM_H
#define AIKAGI_GATE_SYSTEM_H

#include <stdint.h>
#include <sys/socket.h>

int system_bind(int fd, const struct sockaddr *at, socklen_t len);
int system_listen(int fd, int backlog);
int system_accept4(int fd, struct sockaddr *from, socklen_t *len, int flags);
int system_setsockopt(int fd, int level, int option, const void *value, socklen_t len);
int system_close(int fd);

/* monotonic_ms is a clock that nobody sets. */
int64_t monotonic_ms(void);

#endif
