// Package usage asks the nodes of a group who uses which of its credentials.
//
// Engine processes do the counting (package engine/module), and only they keep the figures. So an
// answer is as fresh as the question, costs one exchange with each node, and the figures survive the
// control plane's death.
//
//	Collector.Of(group) ──▶ every node at once, over its admin socket, for at most Timeout
//	                              │
//	                              ▼
//	            usage.Merge, ReplicationGroup.Usage ──▶ usage.Group
//
// Promises:
//
//   - An answer comes within [Timeout], whatever the nodes do. A node that could not be asked is
//     named in it; a partial answer is an answer.
//   - Callers that ask about the same revision of a group at the same moment share one
//     collection. Nothing is kept longer than that.
//   - [Collector.Try] has an engine say what an access would let through, and leaves no trace at the node.
//   - The service's own connections are in no figure; the engines leave them out.
package usage
