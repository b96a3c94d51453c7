package replication

import (
	"cmp"
	"net/netip"
	"slices"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// DefaultPort is the port of a group that names none.
const DefaultPort = 6379

// ReplicasMax is the number of replicas that a group can have at most.
//
// Source: API reference, CreateReplicationGroup (ReplicasPerNodeGroup, 0 to 5).
const ReplicasMax = 5

// Group is what its owner asked for and how far that has come true.
// The store keeps it whole; the reconciler makes it true.
type Group struct {
	ID          string `json:"id"`
	UID         string `json:"uid"`                  // never used again
	Standalone  bool   `json:"standalone,omitempty"` // a cache cluster on its own: one node, no tokens
	Description string `json:"description,omitempty"`

	Engine        cache.Engine `json:"engine"`
	EngineVersion string       `json:"engine_version"` // of the build that serves it
	// AskedFor is what its owner has asked for, if an alias has something else serve it. Zero: what serves it.
	AskedFor         cache.EngineVersion `json:"asked_for,omitzero"`
	BuildGone        bool                `json:"build_gone,omitempty"` // what serves it is not installed any more, and nothing that could take its place
	ParameterGroup   string              `json:"parameter_group"`
	Parameters       *ParameterChange    `json:"parameters,omitempty"`      // nil: the nodes have all of them
	SubnetGroup      string              `json:"subnet_group,omitempty"`    // empty: the default one
	SecurityGroupIDs []string            `json:"security_groups,omitempty"` // whoever they let in may connect; none: everybody
	NodeType         string              `json:"node_type"`
	// AddressPlan is how nodes and endpoints get their addresses, and Port what its owner asked for: where they share
	// addresses, each has a port of its own.
	AddressPlan      cache.AddressPlan `json:"address_plan,omitempty"`
	Port             int               `json:"port"`
	NetworkType      cache.NetworkType `json:"network_type,omitempty"` // see Network
	Discovery        cache.NetworkType `json:"ip_discovery,omitempty"` // of dual_stack: which addresses answers show; empty: ipv4
	Move             *Move             `json:"move,omitempty"`         // to another plan, under way; nil: none
	Advertised       string            `json:"advertised,omitempty"`   // see NoteAdvertised
	Transit          cache.Transit     `json:"transit,omitempty"`
	TransitFrom      *cache.Transit    `json:"transit_from,omitempty"` // the mode before a change that is on its way to the nodes; nil: none is
	AtRestEncryption bool              `json:"at_rest_encryption,omitempty"`
	DataKey          *DataKey          `json:"data_key,omitempty"` // what its nodes' files are encrypted with; nil: nothing, or what is outside of aikagi

	// UserGroup is whose users clients log in as, and UserGroupFrom the one before a change that is on its way to the nodes (nil:
	// none is). Empty: none, and Tokens are what counts.
	UserGroup        string             `json:"user_group,omitempty"`
	UserGroupFrom    *string            `json:"user_group_from,omitempty"`
	Tokens           token.Set          `json:"tokens"`
	TokenChange      token.Strategy     `json:"token_change,omitempty"` // the change on its way to the nodes
	TokensModifiedAt time.Time          `json:"tokens_modified_at,omitzero"`
	Rotation         *rotation.Rotation `json:"rotation,omitempty"`          // a guided one that is under way; nil: none
	RotationSchedule *rotation.Schedule `json:"rotation_schedule,omitempty"` // nil: none
	// Undelivered is a token that a rotation made and may not have delivered. While it is
	// held, the next rotation replaces it.
	Undelivered token.Digest    `json:"undelivered,omitzero"`
	Deferred    DeferredChanges `json:"deferred,omitzero"` // waits for the maintenance window
	Upgrade     *Upgrade        `json:"upgrade,omitempty"` // of the engine, on its way to the nodes; nil: none is

	MaintenanceWindow       string `json:"maintenance_window"`
	SnapshotWindow          string `json:"snapshot_window"`
	SnapshotWindowGiven     bool   `json:"snapshot_window_given,omitempty"` // by its owner; else the service chose it
	AutoMinorVersionUpgrade bool   `json:"auto_minor_version_upgrade,omitempty"`

	AutomaticFailover bool `json:"automatic_failover,omitempty"` // a lost primary is replaced by a replica
	MultiAZ           bool `json:"multi_az,omitempty"`           // a label: zones are names only

	// Shards are the parts of the data. A group with cluster mode disabled has one; so has a cache cluster on its own.
	Shards []Shard        `json:"shards"`
	Taken  []TakenAddress `json:"taken,omitempty"` // addresses of the group that another program has
	Tags   cache.Tags     `json:"tags,omitempty"`

	Status       cache.Status `json:"status"`
	StatusReason string       `json:"status_reason,omitempty"` // why a creation failed, or what holds a change up
	CreatedAt    time.Time    `json:"created_at"`

	// Revision counts the writes of the group in the store, which refuses to
	// overwrite a revision that the writer has not read.
	Revision int64 `json:"-"`
	// Over is what has ended since the group was read: its receipts are stored together with the group.
	Over Receipts `json:"-"`
}

// Receipts are of what ended with a change of a group.
type Receipts struct {
	Failovers []Failover         // of its shards
	Rotation  *rotation.Rotation // nil: none ended
}

// DataKey is the key that a group's files are encrypted with, in a form that is worth nothing without the key that wraps it.
type DataKey struct {
	KMSKeyID string `json:"kms_key_id,omitempty"` // ARN of the key of a KMS that wraps it; empty: the master key does
	Wrapped  []byte `json:"wrapped"`
}

// Node is one engine process, a cache cluster in the words of the API.
type Node struct {
	ID  string `json:"id"`
	UID string `json:"uid"` // never used again; names the node's directory
	// Address is where clients reach the node. Link is where the service and the group's other nodes do, if that is
	// elsewhere: where other machines reach Address, it is an address that none of them can come from.
	Address     netip.AddrPort   `json:"address,omitzero"`
	Link        netip.AddrPort   `json:"link,omitzero"`         // zero: at Address
	Other       netip.AddrPort   `json:"other,omitzero"`        // while the group is moved: its address by the plan that is not shown, but for loopback, see [Group.OtherOf]
	Address6    netip.AddrPort   `json:"address_ipv6,omitzero"` // of a group of the network type dual_stack: Address of IPv6, and that one is of IPv4
	Other6      netip.AddrPort   `json:"other_ipv6,omitzero"`   // likewise
	Zone        string           `json:"zone"`
	Status      cache.Status     `json:"status"`
	Incarnation int64            `json:"incarnation"`           // grows by one when a reboot is asked for
	Upgraded    bool             `json:"upgraded,omitempty"`    // was asked to restart with the version that the group is to have, see Upgrade
	Crashed     bool             `json:"crashed,omitempty"`     // ended unasked, and is not back yet
	CannotSave  bool             `json:"cannot_save,omitempty"` // its last snapshot could not be written
	Recovering  bool             `json:"recovering,omitempty"`  // an event says so; another one is to say that it is over
	BehindSince time.Time        `json:"behind_since,omitzero"` // a replica that is too late to be read; zero: it is not
	Fault       *NodeFault       `json:"fault,omitempty"`       // why it cannot start; nil: nothing is known to keep it from that
	Crowd       *Crowd           `json:"crowd,omitempty"`       // clients have all the connections that they may have; nil: they have not
	SetAside    time.Time        `json:"set_aside,omitzero"`    // when it was asked to start without its snapshot; zero: it was not
	Rules       string           `json:"rules,omitempty"`       // of whom it lets in, by [security.Admission.Name], when it was looked at last
	Users       string           `json:"users,omitempty"`       // which accounts of the group's user group it has, by [user.Mark], when it was looked at last
	Refused     []RefusedSetting `json:"refused,omitempty"`     // parameters that its engine did not take
	Tags        cache.Tags       `json:"tags,omitempty"`
	CreatedAt   time.Time        `json:"created_at"`
}

// ServiceAddress is where the service and the group's other nodes reach the node.
func (n *Node) ServiceAddress() netip.AddrPort {
	if n.Link.IsValid() {
		return n.Link
	}
	return n.Address
}

// Behind reports whether the node is a replica that was found to be too late to be read. It serves
// no client until it has caught up.
func (n *Node) Behind() bool { return !n.BehindSince.IsZero() }

// DeferredChanges are values that take effect in the maintenance window.
type DeferredChanges struct {
	NodeType string        `json:"node_type,omitempty"`
	Version  VersionChange `json:"version,omitzero"`
}

// Spec is what is asked for when a group is created. The zero value of a field
// means the default.
type Spec struct {
	ID                string
	Standalone        bool
	Description       string
	EngineVersion     cache.EngineVersion // of the build that is to serve it
	AskedFor          cache.EngineVersion // if that is another one; see Group
	NodeType          string
	ParameterGroup    string // must be there, and go with EngineVersion; empty: the default one
	SubnetGroup       string // must be there; empty: the default one
	SecurityGroupIDs  []string
	AddressPlan       cache.AddressPlan // other than that of loopback: needs Transit, or a tag
	Port              int
	NetworkType       cache.NetworkType // that the plan has addresses of; empty: any that it has
	Discovery         cache.NetworkType // that goes with it; empty: ipv4, where there is a choice
	Replicas          int
	Zones             []string // one for each node, primary first; empty: for [Group.Place] to choose
	AutomaticFailover bool     // needs a replica
	MultiAZ           bool     // needs AutomaticFailover
	Transit           cache.Transit
	AtRestEncryption  bool
	Token             *token.Digest
	UserGroups        []string // one, which must be there and go with the engine; needs Transit required, and no Token
	MaintenanceWindow string
	SnapshotWindow    string
	ManualUpgrades    bool // AutoMinorVersionUpgrade off
	Tags              []cache.Tag
}

// NewGroup makes a group that is to be created: all is set but the
// addresses, and zones that spec does not name. Errors are of [cache.KindInvalid], [cache.KindCombination] or [cache.KindQuota].
func NewGroup(spec Spec, now time.Time) (*Group, error) {
	resource := cache.ResourceReplicationGroup
	if spec.Standalone {
		resource = cache.ResourceCacheCluster
	}
	g := &Group{
		Standalone: spec.Standalone, UID: cache.NewUID(), Description: spec.Description,
		Engine: spec.EngineVersion.Engine, EngineVersion: spec.EngineVersion.Version,
		AskedFor: spec.AskedFor, SubnetGroup: spec.SubnetGroup, AddressPlan: spec.AddressPlan, NetworkType: spec.NetworkType, Discovery: spec.Discovery, Port: spec.Port,
		Transit: spec.Transit, AtRestEncryption: spec.AtRestEncryption,
		AutomaticFailover: spec.AutomaticFailover, MultiAZ: spec.MultiAZ,
		AutoMinorVersionUpgrade: !spec.ManualUpgrades, SnapshotWindowGiven: spec.SnapshotWindow != "", Tokens: token.OpenSet(now),
		Status: cache.StatusCreating, CreatedAt: now,
	}
	g.ParameterGroup = cmp.Or(spec.ParameterGroup, g.Asked().DefaultParameterGroup())
	if g.Port == 0 {
		g.Port = DefaultPort
	}
	if err := cache.Join(g.adopt(resource, spec), g.secure(spec, now), g.createUsers(spec), g.addNodes(spec, now)); err != nil {
		return nil, err
	}
	return g, nil
}

// adopt takes over what has a form of its own.
func (g *Group) adopt(resource cache.Resource, spec Spec) error {
	var errs [8]error
	g.ID, errs[0] = cache.ParseID(resource, spec.ID)
	g.NodeType, errs[1] = cache.ParseNodeType(spec.NodeType)
	g.MaintenanceWindow, g.SnapshotWindow, errs[2] = cache.ChooseWindows(spec.MaintenanceWindow, spec.SnapshotWindow)
	g.Tags, errs[3] = g.Tags.With(spec.Tags)
	if g.Port < 1024 || g.Port > 65535 {
		errs[4] = cache.Errorf(cache.KindInvalid, "The port must be between 1024 and 65535.")
	}
	g.SecurityGroupIDs, errs[5] = parseSecurityGroups(spec.SecurityGroupIDs)
	errs[6] = g.checkPlaintextBeyond(g.Transit)
	errs[7] = g.Asked().CheckNetworkType(g.NetworkType)
	return cache.Join(errs[:]...)
}

func (g *Group) secure(spec Spec, now time.Time) error {
	if spec.Token == nil {
		return nil
	}
	switch g.Transit {
	case cache.TransitNone:
		return token.ErrNeedsTLS
	case cache.TransitPreferred:
		return errPreferredTokens
	}
	g.Tokens, g.TokensModifiedAt = token.ClosedSet(*spec.Token, now), now
	return nil
}

func (g *Group) addNodes(spec Spec, now time.Time) error {
	if spec.Replicas < 0 || spec.Replicas > ReplicasMax {
		return cache.ResourceErrorf(cache.KindInvalid, cache.ResourceReplicationGroup, "The number of replicas must be between 0 and %d.", ReplicasMax)
	}
	if len(spec.Zones) != 0 && len(spec.Zones) != spec.Replicas+1 {
		return cache.Errorf(cache.KindCombination, "%d availability zones were given for %d nodes.", len(spec.Zones), spec.Replicas+1)
	}
	if err := cache.CheckZones(spec.Zones); err != nil {
		return err
	}
	if spec.AutomaticFailover && spec.Replicas == 0 {
		return errFailoverNeedsTwo
	}
	if spec.MultiAZ && !spec.AutomaticFailover {
		return errMultiAZNeedsFailover
	}
	g.Shards = []Shard{{ID: OnlyShardID}}
	for i := range spec.Replicas + 1 {
		id, zone := g.ID, "" // for Place to choose
		if !g.Standalone {
			id = cache.MemberID(g.ID, i+1)
		}
		if len(spec.Zones) != 0 {
			zone = spec.Zones[i]
		}
		g.Shards[0].addNode(id, zone, g.Tags, now)
	}
	g.Shards[0].PrimaryID = g.Shards[0].Nodes[0].ID
	return nil
}

// Key names the group in the store.
func (g *Group) Key() cache.Key {
	if g.Standalone {
		return cache.NewKey(cache.ResourceCacheCluster, g.ID)
	}
	return cache.NewKey(cache.ResourceReplicationGroup, g.ID)
}

// Clone is a copy whose shards and nodes can be changed without the group's.
func (g *Group) Clone() *Group {
	next := *g
	next.Shards = slices.Clone(g.Shards)
	for i := range next.Shards {
		next.Shards[i].Nodes = slices.Clone(next.Shards[i].Nodes)
	}
	return &next
}

// Nodes are the nodes of all shards, in order. They are the group's own, not copies.
func (g *Group) Nodes() []*Node {
	var all []*Node
	for i := range g.Shards {
		for j := range g.Shards[i].Nodes {
			all = append(all, &g.Shards[i].Nodes[j])
		}
	}
	return all
}

// Node returns the node of that id, or nil.
func (g *Group) Node(id string) *Node {
	if shard := g.ShardOf(id); shard != nil {
		return shard.Node(id)
	}
	return nil
}

// Shard returns the shard of that id, or nil.
func (g *Group) Shard(id string) *Shard {
	for i := range g.Shards {
		if g.Shards[i].ID == id {
			return &g.Shards[i]
		}
	}
	return nil
}

// ShardOf returns the shard that the node of that id is part of, or nil.
func (g *Group) ShardOf(nodeID string) *Shard {
	for i := range g.Shards {
		if g.Shards[i].Node(nodeID) != nil {
			return &g.Shards[i]
		}
	}
	return nil
}

// IsPrimary reports whether the node of that id takes writes, in its shard.
func (g *Group) IsPrimary(nodeID string) bool {
	shard := g.ShardOf(nodeID)
	return shard != nil && shard.PrimaryID == nodeID
}

// failingOver reports whether a failover is under way in a shard.
func (g *Group) failingOver() bool {
	return slices.ContainsFunc(g.Shards, func(s Shard) bool { return s.Failover != nil })
}

// only is the one shard of a group with cluster mode disabled, for what is not done to groups with more of them.
func (g *Group) only() *Shard { return &g.Shards[0] }
