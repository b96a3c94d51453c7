// Package harness runs the real aikagi binary for tests and benchmarks: builds it
// once, starts it on a free port with a data directory and an address range of its
// own, kills it, starts it again, and leaves no process behind.
package harness
