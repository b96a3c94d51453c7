// Package server puts the control plane together and runs it: it opens the data
// directory, finds the engines, takes over the nodes that are running, and serves
// the API until it is told to end. The nodes go on without it.
//
// [Down] is its counterpart: it stops every node of a data directory, with its data
// saved.
package server
