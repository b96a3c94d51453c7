package server

import (
	"fmt"

	"github.com/aikagi/aikagi/internal/cgroup"
)

// NodeCgroups says whether nodes get control groups of their own, by whose weights they share the processors.
type NodeCgroups string

// The ways.
const (
	NodeCgroupsOff      NodeCgroups = "off"      // nowhere, the default: a restart by systemd has not been seen to go well with them yet
	NodeCgroupsAuto     NodeCgroups = "auto"     // where the machine lets aikagi
	NodeCgroupsRequired NodeCgroups = "required" // or aikagi does not serve
)

// openCgroups prepares them, and says once in the log which way it is; nil: nodes get none.
func (s *Server) openCgroups() (*cgroup.Tree, error) {
	o := &s.options
	if o.NodeCgroups == "" || o.NodeCgroups == NodeCgroupsOff {
		return nil, nil
	}
	tree, err := cgroup.Open()
	switch {
	case err == nil:
		o.Logger.Info("nodes share the processors by their types", "cgroup", tree.Dir())
		return tree, nil
	case o.NodeCgroups == NodeCgroupsRequired:
		return nil, fmt.Errorf("--node-cgroups required: %w", err)
	}
	o.Logger.Info("nodes share the processors as all processes do, whatever their types", "reason", err)
	return nil, nil
}
