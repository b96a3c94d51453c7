package integration

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

const (
	rotate = types.AuthTokenUpdateStrategyTypeRotate
	set    = types.AuthTokenUpdateStrategyTypeSet
	remove = types.AuthTokenUpdateStrategyTypeDelete
)

const (
	noTokenToSet  = "There is no AUTH token to SET. Please rotate in an AUTH token first."
	afterRotate   = "SET is allowed only after ROTATE"
	noChange      = "No modifications were requested"
	noDelete      = "Auth token update strategy delete is not supported currently"
	onlyWithTLS   = "The AUTH token modification is only supported when encryption-in-transit is enabled."
	invalidValue  = "InvalidParameterValue"
	invalidCombi  = "InvalidParameterCombination"
	invalidState  = "InvalidReplicationGroupState"
	notThere      = "ReplicationGroupNotFoundFault"
	notModifiable = "Replication group must be in available state to modify."
)

// row is a refusal in the table of token changes.
type row struct {
	strategy      types.AuthTokenUpdateStrategyType
	token         string
	code, message string
}

// TestTokenTable walks through every row of the table of token changes, on the wire
// of every node.
func TestTokenTable(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})

		g.checkAccess(none)
		g.checkRefusals(row{set, token1, invalidValue, noTokenToSet})

		g.change("", token1) // no strategy means ROTATE
		g.checkAccess(none, token1)
		g.checkRefusals(row{set, token2, invalidValue, afterRotate}, row{rotate, token1, invalidCombi, noChange})

		g.change(rotate, token2) // the second ROTATE closes passwordless access
		g.checkAccess(token1, token2)
		g.checkRefusals(row{set, token1, invalidValue, afterRotate}, row{set, token3, invalidValue, afterRotate},
			row{rotate, token2, invalidCombi, noChange})

		g.change(rotate, token3) // the oldest goes
		g.checkAccess(token2, token3)

		g.change(set, token3)
		g.checkAccess(token3)
		g.checkRefusals(row{set, token3, invalidCombi, noChange}, row{set, token1, invalidValue, afterRotate},
			row{rotate, token3, invalidCombi, noChange})

		g.change(rotate, token1) // one that was held before
		g.checkAccess(token3, token1)
		g.change(rotate, token3) // the older of the two becomes the newer
		g.checkAccess(token1, token3)
		g.change(set, token3)
		g.checkAccess(token3)
	})
}

// checkRefusals sees that changes are refused and leave the group alone, DELETE
// among them in every state.
func (g *group) checkRefusals(rows ...row) {
	g.t.Helper()
	before := g.describe()
	for _, r := range append(rows,
		row{remove, none, invalidValue, noDelete}, row{remove, token1, invalidValue, noDelete},
		row{set, none, invalidCombi, "needs an AuthToken"}, row{rotate, none, invalidCombi, "needs an AuthToken"},
	) {
		_, err := g.modify(r.strategy, r.token)
		checkRefusal(g.t, err, r.code, r.message)
	}
	_, err := g.API().ModifyReplicationGroup(g.t.Context(), &elasticache.ModifyReplicationGroupInput{
		ReplicationGroupId: &g.id, UserGroupIdsToAdd: []string{"users"}, AuthTokenUpdateStrategy: remove,
	})
	checkRefusal(g.t, err, "UserGroupNotFound", "User group users not found.")
	after := g.describe()
	if aws.ToString(after.Status) != "available" || !aws.ToTime(after.AuthTokenLastModifiedDate).Equal(aws.ToTime(before.AuthTokenLastModifiedDate)) {
		g.t.Errorf("refused changes left a trace: %s, tokens modified at %v", aws.ToString(after.Status), after.AuthTokenLastModifiedDate)
	}
}

func TestCreateWithToken(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), AuthToken: aws.String(token1)})
		g.checkAccess(token1)
		if d := g.describe(); !aws.ToBool(d.AuthTokenEnabled) || d.AuthTokenLastModifiedDate == nil {
			t.Errorf("AuthTokenEnabled %t, AuthTokenLastModifiedDate %v", aws.ToBool(d.AuthTokenEnabled), d.AuthTokenLastModifiedDate)
		}
		g.change(rotate, token2)
		g.checkAccess(token1, token2)
		g.change(set, token2)
		g.checkAccess(token2)
	})
}

// Tokens change at once whatever ApplyImmediately says, and the event says so.
func TestTokenChangeNotImmediately(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{})
		_, err := g.API().ModifyReplicationGroup(t.Context(), &elasticache.ModifyReplicationGroupInput{
			ReplicationGroupId: &g.id, AuthToken: aws.String(token1), ApplyImmediately: aws.Bool(false),
		})
		if err != nil {
			t.Fatal(err)
		}
		g.AwaitStatus(g.id, "available")
		g.checkAccess(none, token1)
		told := messages(t, g.Server, types.SourceTypeReplicationGroup, g.id)
		if !slices.ContainsFunc(told, func(m string) bool { return strings.Contains(m, "take effect at once") }) {
			t.Errorf("events: %q", told)
		}
	})
}

func TestTokenNeedsTLS(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{TransitEncryptionEnabled: aws.Bool(false)})
		for _, strategy := range []types.AuthTokenUpdateStrategyType{"", rotate, set} {
			_, err := g.modify(strategy, token1)
			checkRefusal(t, err, invalidValue, onlyWithTLS)
		}
		_, err := g.API().ModifyReplicationGroup(t.Context(), &elasticache.ModifyReplicationGroupInput{
			ReplicationGroupId: &g.id, AuthToken: aws.String(token1), TransitEncryptionEnabled: aws.Bool(true),
		})
		checkRefusal(t, err, invalidCombi, "Direct transition from transit-encryption-disabled to transit-encryption-enabled is not allowed.")
		_, err = g.API().CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
			ReplicationGroupId: aws.String("h"), CacheNodeType: aws.String("cache.t4g.micro"), ReplicationGroupDescription: aws.String("d"), AuthToken: aws.String(token1), Engine: &engine,
		})
		checkRefusal(t, err, invalidCombi, "TransitEncryptionEnabled=true")
		if reply := dial(t, g.primary(), nil).do("PING"); reply != "PONG" {
			t.Errorf("PING without TLS and token: %s", reply)
		}
	})
}
