package group

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/parameter"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/gate"
	"github.com/aikagi/aikagi/internal/lag"
	"github.com/aikagi/aikagi/internal/provider"
)

// world is a replication group and a simulation of its nodes, to which the steps of
// plans are done. Data is a number that grows with each write.
type world struct {
	group  *replication.Group
	admits security.Admission
	nodes  map[string]*simulated
	now    time.Time
	given  netip.Addr // to a place, last
}

// simulated is one node.
type simulated struct {
	NodeObserved
	memory, disk int64 // data
	copying      bool  // its source's data is on the way
	paused       bool  // its writes are
	silent       bool  // it does not answer the next look
	slow         int   // for so many rounds it gets nothing of what its primary writes
	behind       time.Duration
	mode         gate.Mode      // of its gate
	rules        string         // of its gate
	link         netip.AddrPort // that the node has; its gate has rules of its own for that
	overTLS      bool           // its link to its primary
	watch        bool           // its gate notes who comes
}

func transit(tls bool) cache.Transit {
	if tls {
		return cache.TransitRequired
	}
	return cache.TransitNone
}

// newWorld makes a group that was asked for a moment ago.
func newWorld(replicas int, tls, failover bool) *world {
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	g, err := replication.NewGroup(replication.Spec{
		ID: "g", EngineVersion: cache.EngineVersion{Engine: cache.EngineValkey, Version: "8.0.1"}, Replicas: replicas, Transit: transit(tls),
	}, now)
	g.AutomaticFailover = failover && replicas > 0
	if err != nil {
		panic(err)
	}
	return inhabit(g, now)
}

// inhabit makes the world of a group that has no address and no process yet.
func inhabit(g *replication.Group, now time.Time) *world {
	next := netip.MustParseAddr("127.1.0.0")
	_ = g.AssignAddresses(func() (netip.Addr, error) { next = next.Next(); return next, nil })
	w := &world{group: g, nodes: map[string]*simulated{}, now: now, given: netip.MustParseAddr("127.2.0.0")}
	for _, n := range g.Nodes() {
		w.nodes[n.ID] = &simulated{NodeObserved: NodeObserved{Process: provider.State{Phase: provider.PhaseAbsent}}}
	}
	return w
}

// settledWorld is a world whose group is settled.
func settledWorld(replicas int, tls, failover bool) *world {
	w := newWorld(replicas, tls, failover)
	for range 100 {
		if w.round().Then == OutcomeSettle {
			return w
		}
	}
	panic("a new group does not settle")
}

func (w *world) observed() Observed {
	o := Observed{}
	for id, n := range w.nodes {
		one := n.NodeObserved
		if n.silent {
			one = NodeObserved{Process: n.Process, HungSince: n.HungSince, LastOffset: n.LastOffset}
		}
		if one.Serving {
			one.View.Gate = n.gate()
		}
		o[id] = one
	}
	return o
}

// gate is what its gate reports.
func (s *simulated) gate() *gate.Report {
	report := &gate.Report{Watches: true, Watching: s.watch}
	for _, a := range s.View.Listen {
		l := gate.Listener{At: a, Mode: s.mode, Rules: s.rules}
		if a == s.link {
			l.Rules = engine.Doors{Links: []netip.AddrPort{a}}.RulesAt(a)
		}
		report.Listeners = append(report.Listeners, gate.ListenerReport{Listener: l})
	}
	return report
}

// serve is an order to its gate.
func (s *simulated) serve(w *world, addresses []netip.AddrPort) {
	s.View.Listen, s.mode, s.rules, s.link, s.watch = addresses, modeOf(w.group.Transit), w.admits.Name(), netip.AddrPort{}, w.group.Move != nil
	for _, link := range w.group.Links() {
		if slices.Contains(addresses, link) {
			s.link = link
		}
	}
}

// lets reports whether its gate lets a link in.
func (s *simulated) lets(overTLS bool) bool {
	return overTLS && s.mode != gate.ModeNone || !overTLS && s.mode != gate.ModeRequired
}

func (w *world) primary() *simulated { return w.nodes[w.group.Shards[0].PrimaryID] }

func (w *world) at(id string) netip.AddrPort {
	if node := w.group.Node(id); node != nil {
		return node.ServiceAddress()
	}
	return netip.AddrPort{}
}

// source is the node that a replica takes its data from, if that can give it any.
func (w *world) source(n *simulated) *simulated {
	for id, s := range w.nodes {
		if s != n && n.View.Role == engine.RoleReplica && n.View.PrimaryAt == w.at(id) && s.gives() {
			return s
		}
	}
	return nil
}

func (s *simulated) gives() bool {
	return s.Serving && !s.View.Loading && (s.View.Role == engine.RolePrimary || s.View.LinkUp)
}

// uses are what the group uses; it has no user group.
func (w *world) uses() Uses { return Uses{Admits: w.admits, Parameters: w.parameters()} }

func (w *world) plan() Decision {
	return Plan(w.group, w.uses(), w.observed(), w.now)
}

// parameters are the group's; its engines know one setting alone.
func (w *world) parameters() *parameter.Group { return parameter.Default(w.group.ParameterGroup) }

const knownSetting = "timeout"

// settings are what a process says that was given the value.
func settings(value string) map[string]string { return map[string]string{knownSetting: value} }

// round plans once, does what is planned, and lets some time pass.
func (w *world) round() Decision {
	d := w.plan()
	for _, step := range d.Steps {
		w.do(step)
	}
	switch d.Then {
	case OutcomeSettle:
		w.group.Settle(w.now, nil)
	case OutcomeFail:
		if _, err := w.group.FailCreate(d.Reason, w.now); err != nil {
			panic(err)
		}
	case OutcomeRest:
		w.rest(d.After)
	}
	w.pass()
	return d
}

// rest lets time pass. A replica that is late has its group woken.
func (w *world) rest(d time.Duration) {
	for _, n := range w.nodes {
		if n.slow > 0 {
			d = min(d, time.Second)
		}
	}
	w.now = w.now.Add(d)
	for _, n := range w.nodes {
		if n.slow > 0 {
			n.behind += d
		}
	}
}

// pass is what the nodes do by themselves: come up, load, write, replicate.
func (w *world) pass() {
	w.now = w.now.Add(10 * time.Millisecond)
	for _, n := range w.nodes {
		n.silent = false
		switch {
		case n.Process.Phase == provider.PhaseStopping:
			n.stop(false)
		case n.Process.Phase != provider.PhaseRunning:
		case !n.HungSince.IsZero():
		case !n.Serving:
			n.Serving, n.View.Loading = true, true
		default:
			n.View.Loading = false
		}
	}
	for _, id := range w.writers() {
		w.nodes[id].memory++
	}
	for _, node := range w.group.Nodes() {
		n := w.nodes[node.ID]
		n.follow(w.source(n))
		n.View.Offset = n.memory
	}
	w.measure()
}

// measure is what is found out about lag: as in the real world nothing while the primary does not answer.
func (w *world) measure() {
	for i := range w.group.Shards {
		w.measureShard(&w.group.Shards[i])
	}
}

func (w *world) measureShard(shard *replication.Shard) {
	primary := w.nodes[shard.PrimaryID]
	primary.View.Replicas = nil
	for _, node := range shard.Nodes {
		n := w.nodes[node.ID]
		n.Lag = lag.Lag{}
		if n == primary || w.source(n) != primary || primary.View.Role != engine.RolePrimary {
			continue
		}
		if n.View.LinkUp {
			primary.View.Replicas = append(primary.View.Replicas, engine.ReplicaLag{Address: w.at(node.ID)})
		}
		n.Lag = lag.Lag{Known: true, AtLeast: n.behind, AtMost: n.behind + 10*time.Millisecond, LateFor: max(0, n.behind-lag.Limit)}
	}
	slices.SortFunc(primary.View.Replicas, func(a, b engine.ReplicaLag) int { return a.Address.Compare(b.Address) })
}

// writers are the nodes that clients can write to, by whatever address.
func (w *world) writers() []string {
	var ids []string
	for id, n := range w.nodes {
		if n.answers() && n.View.Role == engine.RolePrimary && !n.paused && len(n.View.Listen) > 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// follow takes the source's data over, which takes a while the first time.
func (s *simulated) follow(source *simulated) {
	switch {
	case s.View.Role != engine.RoleReplica:
	case !s.answers() || source == nil:
		s.View.LinkUp, s.copying = false, false
	case s.View.LinkUp && source.lets(s.overTLS):
		s.catchUp(source)
	case !source.lets(s.View.ReplicateTLS):
		s.View.LinkUp, s.copying = false, false
	case !s.View.LinkUp && !s.copying:
		s.copying = true
	default:
		s.overTLS = s.View.ReplicateTLS
		s.catchUp(source)
	}
}

// catchUp takes over what the source has written since.
func (s *simulated) catchUp(source *simulated) {
	switch {
	case s.slow > 0:
		s.slow--
		s.View.LinkUp, s.View.Synced = true, true
		s.behind += 10 * time.Millisecond
	default:
		s.View.LinkUp, s.View.Synced, s.memory, s.behind = true, true, source.memory, 0
	}
}

func (s *simulated) answers() bool { return s.Serving && !s.View.Loading }

// stop ends a process; a crash loses what was not saved.
func (s *simulated) stop(crash bool) {
	if !crash {
		s.disk = s.memory
	}
	s.Process = provider.State{Phase: provider.PhaseStopped, Incarnation: s.Process.Incarnation, Crashes: s.Process.Crashes, Saved: !crash}
	s.Serving, s.View, s.CertificateDue, s.ShareDue, s.copying, s.paused, s.HungSince = false, engine.View{}, false, false, false, false, time.Time{}
	s.slow, s.behind, s.Lag = 0, 0, lag.Lag{}
}

// hang makes a process live and not answer.
func (w *world) hang(n *simulated) { n.Serving, n.HungSince = false, w.now }

// listen opens addresses, all of them or, if somebody else listens at one that is not shared, none.
func (w *world) listen(n *simulated, addresses []netip.AddrPort) bool {
	for _, other := range w.nodes {
		for _, a := range addresses {
			if other != n && !slices.Contains(w.group.Readers(&w.group.Shards[0]), a) && slices.Contains(other.View.Listen, a) {
				return false
			}
		}
	}
	n.serve(w, addresses)
	return true
}

func (w *world) do(step Step) {
	n, node := w.nodes[step.NodeID], w.group.Node(step.NodeID)
	switch step.Kind {
	case StepStart:
		n.Process = provider.State{Phase: provider.PhaseRunning, Incarnation: node.Incarnation, StartedAt: w.now}
		n.memory = n.disk
		n.View = engine.View{Access: w.access(), MaxMemory: cache.MaxMemory(w.group.NodeType), Tick: engine.TickBusy, ReplicateTLS: w.group.Transit.TLS(), Settings: settings("0")}
		n.View.Version, n.View.Access.Counts = w.group.Version(), true
		n.replicate(w.at(step.Source))
	case StepStop:
		n.Process.Phase = provider.PhaseStopping
	case StepKill:
		n.stop(true)
	case StepRemove:
		n.stop(true)
		n.Process.Phase, n.disk = provider.PhaseAbsent, 0
	case StepNoteCrash:
		w.group.NoteCrash(step.NodeID, step.Reason, w.now)
	case StepReplicate:
		n.replicate(w.at(step.Source))
		n.paused = false
	case StepLend:
		n.replicate(netip.AddrPort{})
		n.paused = true
		if len(step.Listen) > 0 {
			w.listen(n, step.Listen)
		}
	case StepListen:
		w.listen(n, step.Listen)
	case StepPromote:
		w.takeOver(step.NodeID, step.Listen)
	case StepHandOver:
		w.demote(step.NodeID, step.To, step.Keep)
		w.takeOver(step.To, step.Listen)
	case StepElect:
		w.group.Elect(*step.Election, w.now)
	case StepSwitched:
		w.group.NoteSwitch(replication.Switch{To: step.To}, w.now)
	case StepAbandon:
		w.group.AbandonFailover(w.group.ShardOf(step.NodeID), step.Reason, w.now)
	case StepNoteHang:
		w.group.NoteHang(*step.Hang, w.now)
	case StepNoteRules:
		w.group.NoteRules(step.NodeID, step.Rules)
	case StepNoteUsers:
		w.group.NoteUsers(step.NodeID, step.Users)
	case StepNoteCrowd:
		w.group.NoteCrowd(step.NodeID, step.Crowd, w.now)
	case StepUpgradeNode:
		w.group.RestartUpgraded(step.NodeID, w.now)
	case StepUpgradeSwitch:
		w.group.HandOverUpgraded(w.group.ShardOf(step.NodeID), w.now)
	case StepUndoUpgrade:
		w.group.UndoUpgrade(step.Reason, w.now)
	case StepNoteFault:
		w.group.NoteFault(step.NodeID, *step.Fault, w.now)
	case StepNoteBehind:
		w.group.NoteBehind(step.NodeID, step.Lateness, w.now)
	case StepNoteCurrent:
		w.group.NoteCaughtUp(step.NodeID, w.now)
	case StepAccess:
		counts := n.View.Access.Counts // as long as the process lives
		n.View.Access = w.accessOf(n.View.Version)
		n.View.Access.Counts = counts
	case StepMemory:
		n.View.MaxMemory = cache.MaxMemory(w.group.NodeType)
	case StepShare:
		n.ShareDue = false
	case StepParameters:
		for _, s := range step.Settings {
			n.View.Settings[s.Name] = s.Value
		}
	case StepNoteParams:
		w.group.NoteParameters(*step.Change, w.now)
	case StepCertificate:
		n.CertificateDue = false
	case StepAddress:
		_ = w.group.AssignAddresses(func() (netip.Addr, error) { w.given = w.given.Next(); return w.given, nil })
	case StepTick:
		n.View.Tick = step.Tick
	case StepReplicateTLS:
		n.View.ReplicateTLS = w.group.Transit.TLS()
	}
}

// demote is the first half of a handover, in which both have the same data.
func (w *world) demote(from, to string, keep []netip.AddrPort) {
	w.nodes[to].memory = w.nodes[from].memory
	w.nodes[from].replicate(w.at(to))
	w.nodes[from].serve(w, keep)
}

// takeOver is the second half, and all of a promotion.
func (w *world) takeOver(to string, listen []netip.AddrPort) {
	n := w.nodes[to]
	n.replicate(netip.AddrPort{})
	n.paused = false
	if w.listen(n, listen) {
		w.group.NoteSwitch(replication.Switch{To: to, PromotedAt: w.now}, w.now)
	}
}

func (s *simulated) replicate(source netip.AddrPort) {
	was := s.View
	s.View.Role, s.View.PrimaryAt, s.View.LinkUp, s.View.Synced = engine.RolePrimary, source, false, false
	s.copying = false
	if source.IsValid() {
		s.View.Role = engine.RoleReplica
		s.View.Synced = was.Role == engine.RoleReplica && was.Synced // what it has stays as good
	}
}

// access is what nodes should have that run the group's version.
func (w *world) access() engine.Access { return w.accessOf(w.group.Version()) }

func (w *world) accessOf(version cache.EngineVersion) engine.Access {
	return accessOf(w.group.Tokens, rightsIn(w.group, version))
}

func accessOf(set token.Set, rights engine.Rights) engine.Access {
	a := engine.Access{Passwordless: set.Passwordless(), Tokens: map[string]string{}, Rules: engine.Callers{Tokens: set}.Digest(rights)}
	for _, t := range set.Tokens() {
		a.Tokens[engine.TokenUser(t.Digest)] = t.Digest.Hex()
	}
	return a
}

// older is what nodes may run that have not been restarted since.
var older = cache.EngineVersion{Engine: cache.EngineRedis, Version: "7.0.15"}

// anyWorld is a group in any status whose nodes are in any condition, reachable or not.
func anyWorld(t *rapid.T) *world {
	w := newWorld(rapid.IntRange(0, 3).Draw(t, "replicas"), false, rapid.Bool().Draw(t, "failover"))
	g := w.group
	g.Transit = anyTransit(t, "transit")
	if g.Transit == cache.TransitRequired {
		g.Tokens = anySet(t, "tokens")
	}
	if rapid.Bool().Draw(t, "nodes have links") {
		g.AddressPlan = cache.PlanHost
		next := netip.MustParseAddr("127.3.0.0")
		_ = g.AssignAddresses(func() (netip.Addr, error) { next = next.Next(); return next, nil })
	}
	g.Status = rapid.SampledFrom([]cache.Status{
		cache.StatusCreating, cache.StatusAvailable, cache.StatusModifying, cache.StatusDeleting, cache.StatusCreateFailed,
	}).Draw(t, "status")
	for i := range g.Shards[0].Nodes {
		node := &g.Shards[0].Nodes[i]
		node.Incarnation = rapid.Int64Range(1, 3).Draw(t, node.ID+" incarnation")
		switch g.Status {
		case cache.StatusAvailable, cache.StatusModifying:
			node.Status = rapid.SampledFrom([]cache.Status{cache.StatusAvailable, cache.StatusRebooting}).Draw(t, node.ID+" status")
			node.Crashed = node.Status == cache.StatusRebooting && rapid.Bool().Draw(t, node.ID+" crashed")
		default:
			node.Status = g.Status
		}
		if node.ID != g.Shards[0].PrimaryID && rapid.IntRange(0, 3).Draw(t, node.ID+" is behind") == 0 {
			node.BehindSince = w.now.Add(-time.Minute)
		}
	}
	w.anyMove(t)
	for _, node := range g.Nodes() {
		w.nodes[node.ID] = w.anyNode(t, node)
		w.nodes[node.ID].link = node.Link
	}
	w.anyListeners(t)
	w.anyFailover(t)
	if g.Status == cache.StatusModifying && rapid.Bool().Draw(t, "upgrade") {
		g.Upgrade = &replication.Upgrade{From: older, ParameterGroup: g.ParameterGroup}
		for _, node := range g.Nodes() {
			node.Upgraded = rapid.Bool().Draw(t, node.ID+" is upgraded")
		}
	}
	return w
}

// anyMove has the group be moved, at any point.
func (w *world) anyMove(t *rapid.T) {
	g := w.group
	if g.Status != cache.StatusAvailable && g.Status != cache.StatusModifying || rapid.IntRange(0, 2).Draw(t, "is moved") != 0 {
		return
	}
	g.Status = cache.StatusAvailable
	if _, err := g.BeginMove(replication.MoveRequest{To: otherPlan(g)}, w.now); err != nil {
		return // its mode forbids it
	}
	if rapid.Bool().Draw(t, "has addresses") {
		_ = g.AssignAddresses(func() (netip.Addr, error) { w.given = w.given.Next(); return w.given, nil })
	}
	switch rapid.IntRange(0, 3).Draw(t, "move") {
	case 1, 2:
		if len(g.Unaddressed()) == 0 {
			g.Settle(w.now, nil)
		}
	case 3:
		_, _ = g.CancelMove(replication.End{Force: true}, w.now)
	}
}

func otherPlan(g *replication.Group) cache.AddressPlan {
	if g.AddressPlan == cache.PlanLoopback {
		return cache.PlanHost
	}
	return cache.PlanLoopback
}

// anyListeners gives each address to at most one node: the kernel sees to that.
func (w *world) anyListeners(t *rapid.T) {
	ids := append([]string{""}, slices.Sorted(maps.Keys(w.nodes))...)
	endpoints := w.group.Shards[0]
	for _, a := range append(w.group.Primaries(&endpoints), w.group.Readers(&endpoints)...) {
		id := rapid.SampledFrom(ids).Draw(t, "listener at "+a.String())
		if id != "" && a.IsValid() && running(w.nodes[id].NodeObserved) {
			w.nodes[id].View.Listen = append(w.nodes[id].View.Listen, a)
		}
	}
}

// anyFailover has a failover under way, at any point.
func (w *world) anyFailover(t *rapid.T) {
	g := w.group
	if g.Status != cache.StatusAvailable && g.Status != cache.StatusModifying || len(g.Shards[0].Nodes) < 2 || rapid.Bool().Draw(t, "no failover") {
		return
	}
	other := rapid.SampledFrom(nodeIDs(w)[1:]).Draw(t, "other")
	f := &replication.Failover{
		ID: "f", From: g.Shards[0].PrimaryID, DetectedAt: w.now.Add(-time.Second), Exact: rapid.Bool().Draw(t, "exact"),
		Cause: rapid.SampledFrom([]replication.FailoverCause{replication.CauseCrash, replication.CauseHang, replication.CauseTest, replication.CauseReboot, replication.CauseUpgrade}).Draw(t, "cause"),
	}
	switch {
	case f.Cause == replication.CauseCrash || rapid.Bool().Draw(t, "elected"):
		f.To, f.From, f.ElectedAt = f.From, other, w.now
	case rapid.Bool().Draw(t, "chosen"):
		f.To = other
	}
	if !f.Pending() && rapid.Bool().Draw(t, "promoted") {
		f.PromotedAt = w.now
	}
	g.Shards[0].Failover = f
}

func (w *world) anyNode(t *rapid.T, node *replication.Node) *simulated {
	flag := func(what string) bool { return rapid.Bool().Draw(t, node.ID+" "+what) }
	n := &simulated{memory: rapid.Int64Range(0, 50).Draw(t, node.ID+" data")}
	n.disk = n.memory
	n.Process = provider.State{
		Phase: rapid.SampledFrom([]provider.Phase{
			provider.PhaseAbsent, provider.PhaseStopped, provider.PhaseRunning, provider.PhaseRunning, provider.PhaseRunning, provider.PhaseStopping,
		}).Draw(t, node.ID+" phase"),
		Incarnation: rapid.Int64Range(0, node.Incarnation).Draw(t, node.ID+" process's incarnation"),
		Crashes:     rapid.IntRange(0, creationAttempts-1).Draw(t, node.ID+" crashes"),
	}
	if n.Process.Crashes > 0 {
		n.Process.RetryAt = w.now.Add(time.Duration(rapid.IntRange(-1000, 30000).Draw(t, node.ID+" retry")) * time.Millisecond)
	}
	if n.Process.Phase != provider.PhaseRunning {
		n.Process.Saved = flag("has saved")
		return n
	}
	n.Process.StartedAt = w.now.Add(-time.Duration(rapid.IntRange(-5, 100).Draw(t, node.ID+" age")) * time.Second) // a clock may step back
	if n.Serving = flag("serves"); !n.Serving && flag("hangs") {
		n.HungSince = w.now.Add(-time.Duration(rapid.IntRange(0, 60).Draw(t, node.ID+" hangs for")) * time.Second)
	}
	n.CertificateDue, n.ShareDue = flag("certificate is old"), flag("has another part of the processors")
	n.View = engine.View{
		Access: accessOf(anySet(t, node.ID+" access"), engine.Rights{}), Tick: rapid.SampledFrom([]int{engine.TickIdle, engine.TickBusy}).Draw(t, node.ID+" tick"),
		MaxMemory: rapid.SampledFrom([]int64{1, cache.MaxMemory(w.group.NodeType)}).Draw(t, node.ID+" memory"),
		Settings:  settings(rapid.SampledFrom([]string{"0", "7"}).Draw(t, node.ID+" timeout")),
	}
	n.View.Version = rapid.SampledFrom([]cache.EngineVersion{w.group.Version(), older}).Draw(t, node.ID+" version")
	n.mode = rapid.SampledFrom([]gate.Mode{gate.ModeNone, gate.ModePreferred, gate.ModeRequired}).Draw(t, node.ID+" mode")
	n.rules = rapid.SampledFrom([]string{"", "networks-of-before"}).Draw(t, node.ID+" rules")
	n.View.ReplicateTLS, n.overTLS = flag("replicates over TLS"), flag("is linked over TLS")
	n.View.Access.Counts = flag("counts")
	if flag("has the group's rules") {
		n.View.Access.Rules = w.accessOf(n.View.Version).Rules
	}
	if flag("is slow") {
		n.slow = rapid.IntRange(1, 40).Draw(t, node.ID+" is slow for")
	}
	n.Lag.Known = flag("lag is known")
	n.Lag.AtLeast = time.Duration(rapid.IntRange(0, 20).Draw(t, node.ID+" late by")) * time.Second
	n.Lag.AtMost = n.Lag.AtLeast + time.Duration(rapid.IntRange(0, 200).Draw(t, node.ID+" or more by"))*time.Millisecond
	if n.Lag.AtLeast >= lag.Limit {
		n.Lag.LateFor = time.Duration(rapid.IntRange(1, 5000).Draw(t, node.ID+" late for")) * time.Millisecond
	}
	n.View.Loading = flag("loads")
	n.View.Offset = n.memory
	if flag("is open") {
		n.View.Listen = w.group.Own(node)
	}
	if sources := slices.Sorted(maps.Keys(w.nodes)); flag("is a replica") {
		n.replicate(w.at(rapid.SampledFrom(sources).Draw(t, node.ID+" source")))
		n.View.LinkUp, n.View.Synced = flag("link"), flag("synced")
	} else {
		n.View.Role = engine.RolePrimary
	}
	return n
}

func anyTransit(t *rapid.T, label string) cache.Transit {
	return rapid.SampledFrom([]cache.Transit{cache.TransitNone, cache.TransitPreferred, cache.TransitRequired}).Draw(t, label)
}

// anyAdmission is everybody, nobody, or a network.
func anyAdmission(t *rapid.T, label string) security.Admission {
	all := []security.Admission{{}, {Ruled: true}, {Ruled: true, Networks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}}
	return all[rapid.IntRange(0, len(all)-1).Draw(t, label)]
}

func anySet(t *rapid.T, label string) token.Set {
	set := token.OpenSet(time.Time{})
	for i := range rapid.IntRange(0, 3).Draw(t, label) {
		token, err := token.Parse(fmt.Sprintf("token-of-the-world-%d", i))
		if err != nil {
			panic(err)
		}
		if set, err = set.Rotate(token.Digest(), time.Time{}); err != nil {
			panic(err)
		}
	}
	return set
}

// breakOff leaves what a control plane leaves that is killed between the two halves of
// a handover.
func (w *world) breakOff() {
	for _, step := range w.plan().Steps {
		if step.Kind == StepHandOver {
			w.demote(step.NodeID, step.To, step.Keep)
		}
	}
}

func (w *world) String() string {
	text := fmt.Sprintf("failover %+v\n", w.group.Shards[0].Failover)
	for _, node := range w.group.Shards[0].Nodes {
		o := w.nodes[node.ID]
		text += fmt.Sprintf("%s %s crashed=%t %s %d/%d serving=%t hung=%t %s of %s link=%t synced=%t offset=%d listens %v saved=%t loading=%t\n", node.ID, node.Status, node.Crashed,
			o.Process.Phase, o.Process.Incarnation, node.Incarnation, o.Serving, !o.HungSince.IsZero(), o.View.Role, o.View.PrimaryAt, o.View.LinkUp, o.View.Synced, o.View.Offset, o.View.Listen, o.Process.Saved, o.View.Loading)
	}
	return text
}
