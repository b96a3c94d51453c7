// Package server assembles the control plane and runs it: it opens the data
// directory, finds the engines, takes over the nodes that are running, and serves
// the API until it is told to end. The nodes go on without it.
//
// [Down] is its counterpart: it saves the data of every node of a data directory, and
// stops them.
package server
