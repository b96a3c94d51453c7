package elasticache

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/aws/smithy-go"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/store"
)

// offered is a state of a group as the console sees it, and what the service accepts in it.
type offered struct {
	State    string
	Group    offeredGroup
	Access   offeredAccess
	Accepted []string // names of actions, some with a node's
}

// offeredGroup is what the console goes by of a group as DescribeReplicationGroups shows it.
type offeredGroup struct {
	Status, AutomaticFailover, MultiAZ string
	TransitEncryptionEnabled           bool
	TransitEncryptionMode              string   `json:",omitempty"`
	UserGroupIds                       []string `json:",omitempty"`
}

// offeredAccess is the same of DescribeReplicationGroupAccess.
type offeredAccess struct {
	Status       string        `xml:"DescribeReplicationGroupAccessResult>Status"`
	Undelivered  string        `xml:"DescribeReplicationGroupAccessResult>Undelivered" json:",omitempty"`
	FailoverId   string        `xml:"DescribeReplicationGroupAccessResult>Failover>FailoverId" json:",omitempty"`
	Rotation     string        `xml:"DescribeReplicationGroupAccessResult>Rotation>State" json:",omitempty"`
	ScheduleDays int           `xml:"DescribeReplicationGroupAccessResult>RotationSchedule>EveryDays" json:",omitempty"`
	Credentials  []string      `xml:"DescribeReplicationGroupAccessResult>Credentials>member>Fingerprint"`
	Nodes        []offeredNode `xml:"DescribeReplicationGroupAccessResult>Nodes>member"`
}

type offeredNode struct{ CacheClusterId, Role, Status string }

const offersFile = "../../web/src/cache/offers.fixture.json"

// TestOffers asks the service for everything that the console can ask for, in every state. The
// console's own test compares what it offers with the file that this one keeps.
func TestOffers(t *testing.T) {
	t.Parallel()
	var all []offered
	for _, state := range offerStates() {
		undo := &undoing{}
		f := newFace(t, func(o *Options) {
			undo.Store, o.Store = o.Store, undo
			o.Usage = func(_ context.Context, g *replication.Group) (usage.Group, error) {
				return g.Usage(nil, nil, o.Now()), nil
			}
		})
		f.create(state.input)
		err := f.store.Update(t.Context(), func(tx store.UpdateTx) error {
			return store.Put(tx, store.UserGroups, &user.Group{ID: "readers", Engine: cache.EngineRedis, Status: user.StatusActive})
		})
		if err != nil {
			t.Fatal(err)
		}
		f.update("g", state.then)
		all = append(all, f.offered(state.name, undo))
	}
	var b bytes.Buffer
	for i, state := range all {
		line, err := json.Marshal(state)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%c %s\n", "[,"[min(i, 1)], line) // a line for each state
	}
	b.WriteString("]\n")
	if *update {
		if err := os.WriteFile(offersFile, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if have, err := os.ReadFile(offersFile); err != nil || !bytes.Equal(have, b.Bytes()) {
		t.Errorf("%s is out of date (%v); run: go test ./internal/elasticache -run Offers -update, then the console's unit tests", offersFile, err)
	}
}

// undoing is a store that takes every change back, once it is on: what was accepted fails then.
type undoing struct {
	store.Store
	on bool
}

var errUndone = errors.New("undone")

func (u *undoing) Update(ctx context.Context, fn func(store.UpdateTx) error) error {
	return u.Store.Update(ctx, func(tx store.UpdateTx) error {
		if err := fn(tx); err != nil || !u.on {
			return err
		}
		return errUndone
	})
}

func (f *face) offered(state string, undo *undoing) offered {
	f.t.Helper()
	undo.on = true
	described, err := f.DescribeReplicationGroups(f.t.Context(), &sdk.DescribeReplicationGroupsInput{})
	if err != nil {
		f.t.Fatal(err)
	}
	group := described.ReplicationGroups[0]
	result := offered{State: state, Group: offeredGroup{
		aws.ToString(group.Status), string(group.AutomaticFailover), string(group.MultiAZ), aws.ToBool(group.TransitEncryptionEnabled),
		string(group.TransitEncryptionMode), group.UserGroupIds,
	}}
	if err := xml.Unmarshal([]byte(f.asked("DescribeReplicationGroupAccess", http.StatusOK, nil)), &result.Access); err != nil {
		f.t.Fatal(err)
	}
	for _, request := range f.requests(group) {
		switch request.ask() {
		case "InternalFailure":
			result.Accepted = append(result.Accepted, request.name)
		case "":
			f.t.Errorf("%s: %s was neither refused nor undone", state, request.name)
		}
	}
	return result
}

// request is something that the console can ask for; ask returns the code of the answer.
type request struct {
	name string
	ask  func() string
}

func (f *face) requests(group types.ReplicationGroup) []request {
	modify := func(name string, in sdk.ModifyReplicationGroupInput) request {
		in.ReplicationGroupId, in.ApplyImmediately = aws.String("g"), aws.Bool(true)
		return request{name, func() string { _, err := f.ModifyReplicationGroup(f.t.Context(), &in); return codeOf(err) }}
	}
	own := func(name, action string, members ...string) request {
		return request{name, func() string {
			form := url.Values{"ReplicationGroupId": {"g"}}
			for i := 0; i+1 < len(members); i += 2 {
				form.Set(members[i], members[i+1])
			}
			_, text := f.ask(action, form)
			_, rest, _ := strings.Cut(text, "<Code>")
			code, _, _ := strings.Cut(rest, "</Code>")
			return code
		}}
	}
	delivery := []string{"Delivery", rotationTarget}
	all := []request{
		modify("modify", sdk.ModifyReplicationGroupInput{ReplicationGroupDescription: aws.String("another")}),
		modify("rotateToken", sdk.ModifyReplicationGroupInput{AuthToken: aws.String("quite-another-token"), AuthTokenUpdateStrategy: "ROTATE"}),
		modify("failoverOn", sdk.ModifyReplicationGroupInput{AutomaticFailoverEnabled: aws.Bool(true), ReplicationGroupDescription: aws.String("another")}),
		{"delete", func() string {
			_, err := f.DeleteReplicationGroup(f.t.Context(), &sdk.DeleteReplicationGroupInput{ReplicationGroupId: aws.String("g")})
			return codeOf(err)
		}},
		{"testFailover", func() string {
			_, err := f.TestFailover(f.t.Context(), &sdk.TestFailoverInput{ReplicationGroupId: aws.String("g"), NodeGroupId: aws.String("0001")})
			return codeOf(err)
		}},
		{"addReplica", func() string {
			in := sdk.IncreaseReplicaCountInput{ReplicationGroupId: aws.String("g"), ApplyImmediately: aws.Bool(true), NewReplicaCount: aws.Int32(int32(len(group.MemberClusters)))}
			_, err := f.IncreaseReplicaCount(f.t.Context(), &in)
			return codeOf(err)
		}},
		{"tag", func() string {
			_, err := f.AddTagsToResource(f.t.Context(), &sdk.AddTagsToResourceInput{ResourceName: group.ARN, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}})
			return codeOf(err)
		}},
		modify("transitPreferred", sdk.ModifyReplicationGroupInput{TransitEncryptionEnabled: aws.Bool(true), TransitEncryptionMode: types.TransitEncryptionModePreferred}),
		modify("transitRequired", sdk.ModifyReplicationGroupInput{TransitEncryptionEnabled: aws.Bool(true), TransitEncryptionMode: types.TransitEncryptionModeRequired}),
		modify("transitNone", sdk.ModifyReplicationGroupInput{TransitEncryptionEnabled: aws.Bool(false)}),
		own("startRotation", "StartAuthTokenRotation", delivery...),
		own("secure", "StartAuthTokenRotation", append(delivery, "Secure", "true")...),
		own("finishRotation", "StartAuthTokenRotation", "FinishOnly", "true"),
		own("finish", "ContinueAuthTokenRotation"),
		own("cancel", "CancelAuthTokenRotation"),
		own("rollBack", "RollBackAuthTokenRotation"),
		own("putSchedule", "PutAuthTokenRotationSchedule", append(delivery, "EveryDays", "7")...),
		own("deleteSchedule", "DeleteAuthTokenRotationSchedule"),
	}
	for _, node := range group.MemberClusters {
		all = append(all,
			request{"reboot " + node, func() string {
				_, err := f.RebootCacheCluster(f.t.Context(), &sdk.RebootCacheClusterInput{CacheClusterId: &node, CacheNodeIdsToReboot: []string{"0001"}})
				return codeOf(err)
			}},
			modify("promote "+node, sdk.ModifyReplicationGroupInput{PrimaryClusterId: &node}),
			request{"removeReplica " + node, func() string {
				in := sdk.DecreaseReplicaCountInput{ReplicationGroupId: aws.String("g"), ApplyImmediately: aws.Bool(true), ReplicasToRemove: []string{node}}
				_, err := f.DecreaseReplicaCount(f.t.Context(), &in)
				return codeOf(err)
			}})
	}
	return all
}

func codeOf(err error) string {
	var answer smithy.APIError
	if errors.As(err, &answer) {
		return answer.ErrorCode()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
