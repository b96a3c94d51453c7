// Package storetest is the specification of [store.Store] as a suite of tests.
// Every implementation passes [Exercise]; a test of its own is only needed for
// what concerns its files or its server.
package storetest
