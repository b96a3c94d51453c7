// Package dns is the built-in DNS server: it answers for one domain, authoritatively
// and from the store alone, so that clients connect to names as with the original. The
// names are those of [hostname]; everything outside the domain is refused, nothing is
// forwarded.
//
// # What is answered
//
//	the primary endpoint      its address, which follows the role
//	the reader endpoint       the addresses of the healthy replicas, each query
//	                          beginning with the next one; without any, the address
//	                          of the primary endpoint
//	a node                    its address
//	the domain                SOA, NS
//	a name that exists, but   no records, and the SOA (NODATA): AAAA of all of these,
//	not with this type        and names that only have names below them
//	any other in the domain   NXDOMAIN, and the SOA
//
// A replica is healthy when the store says that it is available. Every TTL is 5
// seconds, and so is the time that a negative answer may be kept.
//
// # No cache
//
// The store is asked for each query. That takes less time than the packet's way
// through the sockets, and a cache would be one more thing that can be wrong after a
// failover. What remains is to keep a flood of queries from the API's share of the
// store: two look-ups run at once, some thousand wait, more are answered SERVFAIL.
//
// # Invariants
//
//   - No packet ends the program, and no number of them takes memory or file
//     descriptors without bound.
//   - Answers to UDP have at most what the client said it takes, and never more than
//     1232 bytes (the size that no path is known to fragment); what is longer is cut
//     and marked, and TCP has it whole.
//   - An answer repeats the question as it was asked, letter case included: resolvers
//     hide random bits there.
//
// # Why miekg/dns at v1
//
// Its author works on a second version, in another repository, and gives the first one
// fixes only; but only the first is to be had from the Go module proxy. reply.go,
// zone.go and server.go are all that know of it.
package dns
