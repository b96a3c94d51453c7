// Package store is where the control plane keeps what must survive it: the
// groups, as [replication.Group] describes them, the cache subnet groups, the users and user groups, the events, the receipts of
// failovers and of guided token rotations, who is signed in to the console, and what tells that the files of a data
// directory belong together ([Mark]). Desired state is written here before
// anything is done about it, so that a control plane that dies at any instant finds on
// its next start what is left to do.
//
//	Kind, Log          what objects and entries mean: one file for each type
//	   │  Get, Page, Put, Delete, Read, Append, Prune
//	   ▼
//	Tx, UpdateTx       rows and entries, in transactions
//	   │
//	   ▼
//	a driver           package sqlite
//	   │  after each commit
//	   ▼
//	Feed               tells subscribers what was written
//
// A driver knows nothing of the types: a row has a kind, an id, a body, the claims that make names unique, and the
// references that keep what they name from being deleted. To store a new type, declare a [Kind] or a [Log].
//
// Package storetest is the specification: a suite that every driver
// passes, with every kind and every log.
package store
