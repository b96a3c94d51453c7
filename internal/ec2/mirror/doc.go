// Package mirror keeps what is stored of EC2's security groups the same as an EC2 API has them. Reconcilers of caches hear of a change
// by the store's feed, as of one of our own groups.
//
// The groups that caches name are read again and again, and at once when a cache names one that nothing is known of. For each:
//
//	EC2 has it        its rules are stored, if they are others than before
//	EC2 has it not    the last rules stay in force, and that is said; one that was never read stays unknown
//	no answer         everything stays, with its age: a restart, or an API that is down, opens nothing and closes nothing
//	our own           stays in force, whatever EC2 has; that both have it is said
//
// A group that no cache names any more is forgotten after two rounds: in between, one that was just learnt may come to be named.
//
// A group is read whole or not at all. If a source of one of its rules cannot be looked up, it stays as it was, since half of an answer must
// not pass for one, and that is said; the others are read all the same. A round is bounded in time, and so is the wait of whoever
// wants to learn an id meanwhile.
package mirror
