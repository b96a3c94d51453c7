package trial

import (
	"context"
)

// Loss says which acknowledged writes a fault may cost.
type Loss string

// The losses that are allowed.
const (
	LossNone Loss = "none"
	// LossTail: the last that the old primary took, which its replicas had not read.
	// Replication is asynchronous, in the original as here.
	LossTail Loss = "the last moments"
	// LossSnapshot: all since the last snapshot, as no process was left.
	LossSnapshot Loss = "since the snapshot"
)

// Fault is one thing that goes wrong, and what may come of it.
type Fault struct {
	Name string
	What string // in a sentence, for the report

	Clock     bool   // the control plane runs inside this process, so that its clock can jump
	SmallDisk string // directory of the control plane that is a small file system of its own
	Point     string // where the control plane is killed; see internal/fault

	Causes []string // of the receipts that there must be, oldest first
	Loss   Loss
	Errors bool // clients may get errors
	Short  bool // part of the short test

	inject func(context.Context, *run) error
}

// Environment is what the control plane is told once the group is there.
func (f Fault) environment() []string {
	if f.Point == "" {
		return nil
	}
	return []string{"AIKAGI_FAULT=" + f.Point}
}

// Faults are all that there are.
func Faults() []Fault {
	all := append(nodeFaults(), planeFaults()...)
	all = append(all, replicaFaults()...)
	return append(all, pointFaults()...)
}
