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
// A replica is healthy when the store says that it is available and not behind. Every TTL is 5
// seconds, and a negative answer may be kept as long.
//
// # No cache
//
// The store is asked for each query, so that an answer is never older than the store:
// a cache would be one more thing that can be wrong after a failover. A look-up takes
// about a tenth of a millisecond; clients ask every few seconds. A flood of queries, which a
// cache would not stop, must not take the store away from the API: two look-ups run at the
// same time, some thousand wait, and further queries are answered SERVFAIL.
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
// Its author develops version 2, a module of another name, and gives version 1 fixes
// only. Version 2 could not be had through the module proxy when this was written. Only
// reply.go, zone.go and server.go know of the library, for the day that it can.
package dns
