// Package store is where the control plane keeps what must survive it: the
// groups, as [cache.ReplicationGroup] describes them, the events, the receipts of
// failovers and of guided token rotations, and who is signed in to the console. Desired state is written here before
// anything is done about it, so that a control plane that dies at any instant finds on
// its next start what is left to do.
//
// Package storetest is the specification: a suite that every implementation
// passes. Package sqlite is the default implementation.
package store
