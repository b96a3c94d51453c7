package group

import (
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/gate"
)

// serving compares a node that answers with what it should be. Its role comes first:
// access rules are of use to nobody where nobody can write.
func (p *planner) serving(node *replication.Node, o NodeObserved) {
	switch {
	case p.withdraws(node, o):
	case p.replicatesWrongly(o): // before its role, in which it would not get to its primary
		p.do(StepReplicateTLS, node)
	case p.role(node, o):
	case p.notesLag(node, o):
	case !o.View.Access.Admits(p.callers, rightsIn(p.group, o.View.Version)):
		p.add(Step{Kind: StepAccess, NodeID: node.ID, Version: o.View.Version})
	case node.Users != user.Mark(p.callers.Users):
		p.add(Step{Kind: StepNoteUsers, NodeID: node.ID, Users: user.Mark(p.callers.Users)})
	case p.resizes(node, o):
	case p.setsParameters(node, o):
	case o.CertificateDue:
		p.do(StepCertificate, node)
	case p.listen(node, o):
	case o.View.Gate != nil && p.enforces(node, *o.View.Gate):
	case o.View.SaveFailed != node.CannotSave:
		p.add(Step{Kind: StepNoteSaving, NodeID: node.ID, Failed: o.View.SaveFailed})
	case o.View.Role == engine.RoleReplica && !p.excused(node) && p.awaitsData(node, o):
	case o.View.Tick != engine.TickBusy && p.feeds(node):
		p.add(Step{Kind: StepTick, NodeID: node.ID, Tick: engine.TickBusy})
	}
}

// resizes gives a node what its type has, of memory and of the processors.
func (p *planner) resizes(node *replication.Node, o NodeObserved) bool {
	switch {
	case o.View.MaxMemory != p.parameters.MaxMemory(p.group.NodeType):
		p.do(StepMemory, node)
	case o.ShareDue:
		p.do(StepShare, node)
	default:
		return false
	}
	return true
}

// enforces waits until a node's gate lets nobody stay whom its orders do not allow, and has that written down.
func (p *planner) enforces(node *replication.Node, report gate.Report) bool {
	switch {
	case !node.Enforces(p.admits):
		p.add(Step{Kind: StepNoteRules, NodeID: node.ID, Rules: p.admits.Name()})
	case report.EndsLeft > 0:
		p.waitFor(endsEvery) // a mode is in force when nobody is left whom it does not allow
	default:
		return false
	}
	return true
}
