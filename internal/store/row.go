package store

import "time"

// Row is an object as a driver keeps it. What it is an object of is for its [Kind] to say.
type Row struct {
	Kind     string
	ID       string // of the kind's objects, this one
	UID      string // tells it from an object of the same ID that was deleted; empty: its kind has none
	Revision int64  // grows by one with every write; 0: not stored yet
	Version  int    // of the form of Body
	Body     []byte // JSON
	Claims   []Claim
	Refs     []Ref
}

// Claim is a name that only one object at a time can have in its space: the id of a node, an address. An object
// has its claims from the write that names them to the one that does not, or to its end.
type Claim struct {
	Space string
	Name  string
	// UID tells who has the name from who had it before; empty: it does not matter.
	UID string
}

// Ref names an object: one that another object uses, which therefore cannot be deleted, or
// who has a claim.
type Ref struct {
	Kind, ID string
}

// Holding is a claim with the object that has it.
type Holding struct {
	Name   string
	Holder Ref
}

// Range selects names in their order, by bytes.
type Range struct {
	Prefix string // only names that begin with it
	After  string // only names behind it, which is a whole name with its prefix; empty: from the first on
	Limit  int    // at most so many; 0: all
}

// Entry is something in a log, as a driver keeps it. It refers to no row, so it outlives what it tells of.
type Entry struct {
	Sequence int64     // given by the store: the order of the log, even when the clock steps back; never used again
	ID       string    // of an entry that may be replaced; empty: it is not
	At       time.Time // when it came to pass
	Over     time.Time // when its time began to run out, for Prune; zero: it stays
	Subject  string    // whom it is about
	Label    string    // what sort it is of
	Version  int       // of the form of Body
	Body     []byte    // JSON
}

// EntryQuery selects entries; a zero field does not narrow.
type EntryQuery struct {
	Subject, Label string
	From, Until    time.Time // From inclusive, Until exclusive
	ByTime         bool      // in the order of At, and of the sequence where that is the same; else of the sequence
	Newest         bool      // newest first; After and the Limit count from there
	After          int64     // only what follows the entry of that sequence; not with ByTime
	Limit          int       // at most so many; 0: all
}
