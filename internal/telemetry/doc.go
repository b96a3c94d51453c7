// Package telemetry reports to Prometheus the state of the groups and the use of their tokens.
//
// Everything is looked up when it is scraped: the groups in the store, the use of their
// credentials on the nodes (package usage). A scrape takes [Timeout] at most, asks a bounded number of
// groups at the same time, and says how many it did not get to.
//
// A credential's label is its fingerprint while it is accepted, or NONE. All that are no longer
// accepted are summed up as "retired", all that never were as "unknown", so that nobody can make labels
// by trying tokens. No label ever holds what a client says of itself.
//
// Figures of a group whose nodes could not all be asked are left out: a counter that falls and
// rises again looks to Prometheus like that many new logins.
package telemetry
