// Package hostname says what endpoints and nodes are called in the DNS, and what a
// name means. It is pure: all code that resolves, certifies or shows names asks it, so
// they agree.
//
// # The names
//
// D is the [Domain], G a replication group, N one of its nodes, C a cache cluster
// that stands alone:
//
//	                  shown with TLS     shown without
//	primary endpoint  master.G.D         G.ng.0001.D
//	reader endpoint   replica.G.D        G-ro.ng.0001.D
//	node of a group   N.G.D              N.0001.D
//	C                 C.0001.D
//
// The first column is what the original calls them when encryption in transit is on, the second when it is off. The API
// shows the form that the original would. Both always mean the same, and certificates cover both, so that a client can begin to use TLS
// without another name. (The original keeps the second form while TLS is preferred, and removes it when
// TLS is required.)
//
// Source: ElastiCache User Guide, "Finding connection endpoints" and "Best practices when enabling in-transit encryption"; the parts that name
// the account and the region are left out.
//
// # Invariants
//
//   - A name means one thing, whatever else exists. G-ro.ng.0001.D is always the
//     reader endpoint of G, so a group that is itself called G-ro has no such name
//     for its primary, and is shown as master.G-ro.D.
//   - No id begins with a digit (see [cache.ParseID]), so 0001 is never a group.
package hostname
