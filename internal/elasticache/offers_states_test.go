package elasticache

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// offerState is a state that a group can be in.
type offerState struct {
	name  string
	input sdk.CreateReplicationGroupInput
	then  func(*replication.Group)
}

func offerStates() []offerState {
	sized := func(nodes int32, automatic, multiAZ bool) sdk.CreateReplicationGroupInput {
		return sdk.CreateReplicationGroupInput{
			NumCacheClusters: &nodes, AutomaticFailoverEnabled: &automatic, MultiAZEnabled: &multiAZ, TransitEncryptionEnabled: aws.Bool(true),
		}
	}
	as := func(*replication.Group) {}
	two := sized(2, true, false)
	status := func(s cache.Status) func(*replication.Group) {
		return func(g *replication.Group) {
			g.Status = s
			for i := range g.Shards[0].Nodes {
				if s == cache.StatusCreating || s == cache.StatusDeleting || s == cache.StatusCreateFailed {
					g.Shards[0].Nodes[i].Status = s
				}
			}
		}
	}
	states := []offerState{
		{"one node", sized(1, false, false), as},
		{"one node, no TLS", sdk.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(1)}, as},
		{"one node, TLS preferred", sdk.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(1), TransitEncryptionEnabled: aws.Bool(true), TransitEncryptionMode: types.TransitEncryptionModePreferred,
		}, as},
		{"one replica", sized(2, false, false), as},
		{"one replica, automatic failover", two, as},
		{"two replicas, Multi-AZ", sized(3, true, true), as},
		{"two replicas", sized(3, false, false), as},
		{"five replicas", sized(6, true, false), as},
		{"creating", two, status(cache.StatusCreating)},
		{"modifying", two, status(cache.StatusModifying)},
		{"deleting", two, status(cache.StatusDeleting)},
		{"create-failed", two, status(cache.StatusCreateFailed)},
		{"a failover", two, func(g *replication.Group) {
			g.Shards[0].Failover = &replication.Failover{ID: "f", GroupID: g.ID, NodeGroupID: "0001", Cause: replication.CauseTest, From: "g-001", DetectedAt: g.CreatedAt}
		}},
		{"a replica reboots", two, func(g *replication.Group) { g.Node("g-002").Status = cache.StatusRebooting }},
		{"a replica is removed", sized(3, true, false), func(g *replication.Group) {
			g.Status, g.Node("g-003").Status = cache.StatusModifying, cache.StatusDeleting
		}},
		{"a user group", two, func(g *replication.Group) { g.UserGroup, g.Tokens = "readers", token.Set{} }},
		{"a schedule", two, func(g *replication.Group) {
			g.RotationSchedule = &rotation.Schedule{Every: 7, Spec: fileSpec(), SetAt: g.CreatedAt}
		}},
		{"a schedule, deleting", two, func(g *replication.Group) {
			status(cache.StatusDeleting)(g)
			g.RotationSchedule = nil // as Delete does
		}},
		{"one token", two, func(g *replication.Group) { holds(g, "the-first-token-0001") }},
		{"passwordless open", two, func(g *replication.Group) { holds(g, "", "the-first-token-0001") }},
		{"two tokens", two, func(g *replication.Group) { holds(g, "the-first-token-0001", "the-second-token-002") }},
		{"two tokens, modifying", two, func(g *replication.Group) {
			holds(g, "the-first-token-0001", "the-second-token-002")
			g.Status, g.TokenChange = cache.StatusModifying, token.StrategyRotate
		}},
		{"two tokens, one undelivered", two, func(g *replication.Group) {
			g.Undelivered = holds(g, "the-first-token-0001", "the-second-token-002")
		}},
	}
	for _, state := range []rotation.State{
		rotation.OfferingTLS, rotation.AwaitingTLS, rotation.RequiringTLS, rotation.Pending, rotation.Rotating, rotation.Delivering, rotation.Waiting, rotation.Brownout,
		rotation.Setting, rotation.Watching, rotation.RollingBack, rotation.Cancelling,
	} {
		for _, group := range []cache.Status{cache.StatusAvailable, cache.StatusModifying} {
			states = append(states, offerState{"rotation " + string(state) + ", " + string(group), two, func(g *replication.Group) {
				fresh := holds(g, "the-first-token-0001", "the-second-token-002")
				g.Status = group
				g.Rotation = &rotation.Rotation{
					ID: "rotation-1", GroupID: g.ID, Cause: rotation.Requested, Spec: fileSpec(), State: state,
					Old: g.Tokens.Credentials()[0], New: token.Credential{Digest: fresh, AddedAt: g.CreatedAt}, StartedAt: g.CreatedAt, Since: g.CreatedAt,
				}
			}})
		}
	}
	return states
}

func fileSpec() rotation.Spec {
	return rotation.Spec{Delivery: &rotation.Target{File: &rotation.FileTarget{Path: "/run/token"}}, Finish: rotation.FinishRule{Quiet: cache.DefaultQuiet}, Grace: rotation.DefaultGrace}
}

// holds has the group accept tokens, the oldest first; an empty one is no token. It returns the
// digest of the last.
func holds(g *replication.Group, tokens ...string) token.Digest {
	var last token.Digest
	for i, text := range tokens {
		if text == "" {
			continue
		}
		secret, err := token.Parse(text)
		if err != nil {
			panic(err)
		}
		last = secret.Digest()
		if i == 0 {
			g.Tokens = token.ClosedSet(last, g.CreatedAt)
			continue
		}
		if g.Tokens, err = g.Tokens.Rotate(last, g.CreatedAt); err != nil {
			panic(err)
		}
	}
	return last
}
