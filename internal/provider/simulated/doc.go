// Package simulated is a provider whose nodes are simulated: in memory, with Go functions in the place of
// processes. It is for benchmarks of the control plane and for tests, and costs next to nothing: a node that nobody
// talks to has no goroutine.
//
// A [World] has the nodes, which outlive the providers that are opened on it, as processes outlive control
// planes. What a node does is its [Program]'s business: this package knows no engine, as no provider does.
//
// What cannot be simulated is not claimed: a [Provider] is no [provider.ActivityTeller].
package simulated
