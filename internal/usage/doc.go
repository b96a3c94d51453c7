// Package usage asks the nodes of a group who uses which of its credentials.
//
// Engine processes count (package engine/module); nobody else keeps what they know. So an
// answer is as old as the question, costs one exchange with each node, and survives the
// control plane's death by itself.
//
//	Collector.Of(group) ──▶ every node at once, over its admin socket, for at most Timeout
//	                              │
//	                              ▼
//	            cache.MergeUsage, cache.NewGroupUsage ──▶ cache.GroupUsage
//
// Promises:
//
//   - An answer comes within [Timeout], whatever the nodes do. A node that could not be asked is
//     named in it; a partial answer is an answer.
//   - Callers that ask about the same revision of a group at the same moment share one
//     collection. Nothing is kept longer than that.
//   - What the service does itself is in no figure; the engines see to it.
package usage
