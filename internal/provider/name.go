package provider

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/aikagi/aikagi/internal/cache/replication"
)

// NodeName names a node for ever: the cache cluster's id, a dot, its UID. Neither has a dot.
type NodeName string

// NameOf is the name of a node.
func NameOf(node *replication.Node) NodeName { return NodeName(node.ID + "." + node.UID) }

// ID is the id of the cache cluster.
func (n NodeName) ID() string {
	id, _, _ := strings.Cut(string(n), ".")
	return id
}

// UID tells the node from others of the same id, before and after it.
func (n NodeName) UID() string {
	_, uid, _ := strings.Cut(string(n), ".")
	return uid
}

// nodeName leaves room for what an implementation puts before a name, and has no leading dot: those names
// are the implementation's own.
var nodeName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

const nodeNameMax = 200

// Check refuses a name that cannot be that of a directory below another one. It may be called with any text.
func (n NodeName) Check() error {
	if len(n) > nodeNameMax || !nodeName.MatchString(string(n)) {
		return fmt.Errorf("invalid node name %q", n)
	}
	return nil
}

// Check refuses a file whose name leads out of the node's directory, or begins with a dot: those names are the
// implementation's own.
func (f File) Check() error {
	if f.Name != filepath.Clean(f.Name) || !filepath.IsLocal(f.Name) || strings.HasPrefix(f.Name, ".") {
		return fmt.Errorf("invalid file name %q", f.Name)
	}
	return nil
}
