// Package provenance makes sure that the files of a data directory belong together, before any file is replaced
// or overwritten. Files get lost, or come back from the wrong backup. A control plane that then makes a new
// key seems to work, but no running engine obeys it.
//
//	what is there                                  what happens
//	nodes without store.db or master.key           refused ([Complete])
//	another master.key than the nodes'             refused ([Nodes]), by their access files
//	another master.key than the store's            refused ([MasterKey])
//	ca.pem lost, its key there                     ca.pem is written again ([Authority])
//	another CA, or none any more                   refused, unless a new one is wanted
//	credentials lost or replaced                   a new key, and a warning
//
// Marks in the store ([store.Mark]) say what belongs to it. A directory of an earlier release gets them on its first start.
package provenance
