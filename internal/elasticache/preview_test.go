package elasticache

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// strictWitness fails a test that has it remember a token once it is sealed.
type strictWitness struct {
	t      *testing.T
	sealed bool
}

func (w *strictWitness) Remember(cache.Key, token.Token) {
	if w.sealed {
		w.t.Error("a preview told the witness its token")
	}
}
func (w *strictWitness) Drop(cache.Key, token.Token) {}

// previewFace is a guarded API that fails its test when something is written, woken or
// recorded after it was sealed.
func previewFace(t *testing.T, guard string, ask act.Usage) (f *face, seal func()) {
	t.Helper()
	witness := &strictWitness{t: t}
	f = newFace(t, func(o *Options) {
		o.Usage, o.Witness = ask, witness
		o.Audit = func(r Record) {
			if witness.sealed {
				t.Errorf("a preview is in the audit log: %+v", r)
			}
		}
	})
	f.create(sdk.CreateReplicationGroupInput{TransitEncryptionEnabled: aws.Bool(true), Tags: []types.Tag{
		{Key: aws.String("aikagi:set-guard"), Value: aws.String(guard)},
	}})
	before := ""
	t.Cleanup(func() {
		if after := f.stored(); witness.sealed && after != before {
			t.Errorf("a preview changed the store:\n%s\n%s", before, after)
		}
	})
	return f, func() { witness.sealed, before = true, f.stored() }
}

// stored shows the group g and the number of events.
func (f *face) stored() string {
	var text []byte
	err := f.store.View(context.WithoutCancel(f.t.Context()), func(tx store.Tx) error {
		g, err := store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, "g"))
		if err != nil {
			return err
		}
		events, err := store.Read(tx, store.Events, store.EntryQuery{})
		if err != nil {
			return err
		}
		text, err = json.Marshal([]any{g, events})
		return err
	})
	if err != nil {
		f.t.Error(err)
	}
	return string(text)
}

func (f *face) preview(strategy, token string, want ...string) string {
	f.t.Helper()
	members := []string{}
	if strategy != "" {
		members = append(members, "AuthTokenUpdateStrategy", strategy)
	}
	if token != "" {
		members = append(members, "AuthToken", token)
	}
	text := f.asked("PreviewAuthTokenChange", http.StatusOK, want, members...)
	if token != "" && strings.Contains(text, token) {
		f.t.Errorf("the answer has the token in it: %s", text)
	}
	return text
}

func without(t *testing.T, text string, unwanted ...string) {
	t.Helper()
	for _, u := range unwanted {
		if strings.Contains(text, u) {
			t.Errorf("%s is in %s", u, text)
		}
	}
}

// TestPreviewAuthTokenChange goes through the story of a first token.
func TestPreviewAuthTokenChange(t *testing.T) {
	t.Parallel()
	const token, other = "the-first-token-0001", "the-second-token-002"
	fingerprint := mustToken(t, token).Fingerprint()
	f, seal := previewFace(t, "warn", inUse)
	set := f.preview("SET", token, "<Code>InvalidParameterValue<", "<Message>There is no AUTH token to SET. Please rotate in an AUTH token first.<",
		"<Before><member><Fingerprint>NONE</Fingerprint><AddedAt>2026-05-04T12:00:00.123Z<", "<After></After>", "<PasswordlessBefore>true<", "<Guard>warn<", "<Quiet>10m0s<")
	without(t, set, "<PasswordlessAfter>", "<Ends>", "<Warning>", "<UsageComplete>")
	rotate := f.preview("", token, "<After><member><Fingerprint>NONE</Fingerprint></member><member><Fingerprint>"+fingerprint+"<", "<PasswordlessAfter>true<")
	without(t, rotate, "<Refusal>", "<Ends>", "<InUse>")

	if err := f.digest("ROTATE", token); err != nil {
		t.Fatal(err)
	}
	f.preview("SET", token, "<Code>InvalidReplicationGroupState<", "Replication group must be in available state to modify.", "<Fingerprint>NONE<", "<After></After>")
	f.settle("g")
	seal()
	set = f.preview("SET", token, "<After><member><Fingerprint>"+fingerprint+"</Fingerprint></member></After>", "<PasswordlessBefore>true<", "<PasswordlessAfter>false<",
		"<Ends>NONE<", "<InUse>true<", "<UsageComplete>true<", "<LockedOut><member><Address>10.0.0.7<", "<Name>worker-1<", "<LockedOutConnections>3<",
		"<Warning>Auth token SET ends access without a token of replication group g, which is in use: 3 connections",
		"<WarningFact><Code>guard-warns</Code>", "<Name>ends</Name><Text>NONE</Text>", "<Name>use</Name><Facts><member><Code>in-use</Code>",
		"<Name>users</Name><Facts><member><Code>client-named</Code><Values><member><Name>name</Name><Text>worker-1<")
	without(t, set, "<Refusal>", "<OtherClients>")
	f.preview("SET", other, "<Code>InvalidParameterValue<", "must be the one that was rotated in last", "<Fact><Code>not-rotated</Code>")
	f.preview("ROTATE", token, "<Code>InvalidParameterCombination<", "No modifications were requested")
	f.preview("", "", "<Code>InvalidParameterCombination<", "No modifications were requested")
	f.preview("DELETE", "", "<Code>InvalidParameterValue<", "Auth token update strategy delete is not supported currently")
	f.preview("SET", "short", "<Code>InvalidParameterValue<", "Invalid AuthToken provided. It has 5 characters", "<Fingerprint>NONE<", "<Guard>warn<")
	f.asked("PreviewAuthTokenChange", http.StatusNotFound, []string{"ReplicationGroupNotFoundFault"}, "ReplicationGroupId", "none")
	f.asked("PreviewAuthTokenChange", http.StatusBadRequest, []string{"MissingParameter"}, "ReplicationGroupId", "")
	f.asked("PreviewAuthTokenChange", http.StatusBadRequest, []string{"InvalidParameterValue"}, "AuthTokenUpdateStrategy", "MAKE")
}

// TestPreviewIsRefusedAsModifyIs for each guard, and says whom it is about all the same.
func TestPreviewIsRefusedAsModifyIs(t *testing.T) {
	t.Parallel()
	const token = "the-first-token-0001"
	for _, guard := range []string{"refuse", "warn", "off"} {
		f, seal := previewFace(t, guard, inUse)
		if err := f.digest("ROTATE", token); err != nil {
			t.Fatal(err)
		}
		f.settle("g")
		seal()
		text := f.preview("SET", token, "<Guard>"+guard+"<", "<Name>worker-1<", "<Ends>NONE<", "<PasswordlessAfter>false<")
		if got := strings.Contains(text, "<Refusal>"); got != (guard == "refuse") {
			t.Errorf("%s: refused: %t: %s", guard, got, text)
		}
		if got := strings.Contains(text, "<Warning>"); got != (guard == "warn") {
			t.Errorf("%s: warned: %t: %s", guard, got, text)
		}
	}
	f, seal := previewFace(t, "refuse", nil)
	if err := f.digest("ROTATE", token); err != nil {
		t.Fatal(err)
	}
	f.settle("g")
	seal()
	f.preview("SET", token, "<Code>InvalidParameterCombination<", "node g-001 could not be asked", "<UsageComplete>false<",
		"<MissingNodes><member><CacheClusterId>g-001<", "<InUse>false<", "<LockedOut></LockedOut>", "<LockedOutConnections>0<")
}

func TestOnlyQuestionsAreNotRecorded(t *testing.T) {
	t.Parallel()
	for name, recorded := range map[string]bool{
		"DescribeReplicationGroupAccess": false, "ListReplicationGroupAccess": false, "PreviewAuthTokenChange": false, "GetCallerIdentity": false,
		"ModifyReplicationGroup": true, "StartAuthTokenRotation": true, "PutAuthTokenRotationSchedule": true,
	} {
		i := slices.IndexFunc(actions, func(a action) bool { return a.name == name })
		if i < 0 || actions[i].mutates() != recorded {
			t.Errorf("%s is recorded: %t", name, !recorded)
		}
	}
}
