// Package cache is what all of the domain of aikagi shares: kinds of error, identifiers and names of resources, statuses, events and
// the sentences in them, tags, engines and node types, zones and windows. It imports the standard library only, does no
// I/O and reads no clock; whatever depends on time takes it as an argument. All of the domain does so.
//
// The things themselves have packages of their own, by their nouns. A package imports those above it:
//
//	token        a token, and the set of credentials that a group accepts
//	usage        who uses which credential
//	rotation     a guided rotation: what is asked for, its states, its schedule
//	replication  replication groups, their shards and nodes, and all that happens to them
//	metric       what is shown of nodes over time
//	subnet       cache subnet groups
//	user         users and user groups, access strings
//
// # Sentences
//
// aikagi's own sentences are made by [Say]. Their English text comes from one table, and
// goes with a [Fact], a code and values, from which a page makes a sentence in
// another language. Events that the original has too use the original's words, and
// errors of an engine or of the system use theirs ([Quote]); they have no fact.
package cache
