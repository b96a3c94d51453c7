/* TCP's options, and what the system knows of a connection. glibc's own struct tcp_info ends too early, and excludes the kernel's; musl's does
 * not, and comes without the kernel's headers. */
#ifndef AIKAGI_GATE_TCP_H
#define AIKAGI_GATE_TCP_H

#include <netinet/in.h>
#if __has_include(<linux/tcp.h>)
#include <linux/tcp.h>
#else
#include <netinet/tcp.h>
#endif

#endif
