// Package nic keeps addresses on network interfaces of this machine: those of the address plan pool, which groups hold.
//
//	what groups hold ─┐
//	                  ├─ decide ──▶ add, remove ──▶ kernel (netlink)
//	what is there  ───┘                               │
//	     ▲────────── somebody changed an address ─────┘
//
// A [Keeper] compares, and makes it so: at its start, when groups change, when somebody else changes an address, and from time to time.
// So nothing is lost when it is killed between any two lines, and after a restart of the machine all addresses are added again.
//
// # Whose an address is
//
// An address that the keeper adds has a mark: the number [Protocol] (IFA_PROTO, Linux 5.18), and, of IPv4, a label (eth0:aikagi). Both
// are shown by "ip address". Before it is added it is written into a record, a file of the data directory. Only what has the mark and is in
// the record is ever removed, so that neither an address of the machine's owner nor one of another data directory is. A record of
// before a restart of the machine counts for nothing: addresses end with it.
//
// # How an address is added
//
//   - Alone (/32, /128), so that it brings no route and its end takes no other address along.
//   - Deprecated (no preferred lifetime): it is no source for connections that do not ask for it.
//   - Without the system's own search for duplicates of IPv6 (nodad), during which nobody could connect; [Keeper.Users] asks before.
//   - Announced (gratuitous ARP, unsolicited neighbour advertisement), so that machines which knew the address elsewhere learn of it. That
//     takes CAP_NET_RAW; without it they find out when what they know expires.
package nic
