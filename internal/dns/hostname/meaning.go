package hostname

import "strings"

// The labels that are no ids.
const (
	labelPrimary = "master"
	labelReader  = "replica"
	labelPlain   = "ng"   // of an endpoint without TLS
	labelShard   = "0001" // of everything without TLS, and of what stands alone
	readerSuffix = "-ro"
)

// NameServer is the label of the server itself.
const NameServer = "ns"

// Kind says what sort of thing has a name.
type Kind int

// The kinds.
const (
	Nothing     Kind = iota // nothing ever has this name
	Apex                    // the domain
	Server                  // the DNS server
	Branch                  // nothing, but there may be names below it
	GroupBranch             // the same, if the group exists
	Primary                 // the primary endpoint of a group
	Reader                  // the reader endpoint of a group
	Node                    // a node of a group
	LoneNode                // a node of any group, or a cache cluster that stands alone
)

// Meaning is what a name means, if what it names exists.
type Meaning struct {
	Kind    Kind
	GroupID string // of GroupBranch, Primary, Reader and Node
	NodeID  string // of Node and LoneNode
	// Branch: there may be names below this one, so it exists in any case.
	Branch bool
}

// Read finds out what a name means from its labels left of the domain, in lower case.
func Read(labels []string) Meaning {
	switch len(labels) {
	case 0:
		return Meaning{Kind: Apex}
	case 1:
		return readOne(labels[0])
	case 2:
		return readTwo(labels[0], labels[1])
	case 3:
		if labels[1] == labelPlain && labels[2] == labelShard {
			return readPlain(labels[0])
		}
	}
	return Meaning{}
}

func readOne(label string) Meaning {
	switch label {
	case NameServer:
		// A group may be called like this; then there are names below.
		return Meaning{Kind: Server}
	case labelShard:
		return Meaning{Kind: Branch, Branch: true}
	}
	return Meaning{Kind: GroupBranch, GroupID: label}
}

func readTwo(label, parent string) Meaning {
	switch {
	case parent == labelShard:
		// A cache cluster may be called "ng".
		return Meaning{Kind: LoneNode, NodeID: label, Branch: label == labelPlain}
	case label == labelPrimary:
		return Meaning{Kind: Primary, GroupID: parent}
	case label == labelReader:
		return Meaning{Kind: Reader, GroupID: parent}
	}
	return Meaning{Kind: Node, GroupID: parent, NodeID: label}
}

func readPlain(label string) Meaning {
	if group, ok := strings.CutSuffix(label, readerSuffix); ok {
		return Meaning{Kind: Reader, GroupID: group}
	}
	return Meaning{Kind: Primary, GroupID: label}
}
