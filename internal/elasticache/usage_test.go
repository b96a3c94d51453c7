package elasticache

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// guardedFace is an API with a group {NONE, first} that refuses to end what is in use;
// ask answers who uses what.
func guardedFace(t *testing.T, ask act.Usage) *face {
	t.Helper()
	f := newFace(t, func(o *Options) { o.Usage = ask })
	f.create(sdk.CreateReplicationGroupInput{TransitEncryptionEnabled: aws.Bool(true), Tags: []types.Tag{
		{Key: aws.String("aikagi:set-guard"), Value: aws.String("refuse")},
	}})
	if err := f.digest("ROTATE", "the-first-token-0001"); err != nil {
		t.Fatal(err)
	}
	f.settle("g")
	return f
}

func (f *face) digest(strategy types.AuthTokenUpdateStrategyType, digest string) error {
	_, err := f.ModifyReplicationGroup(f.t.Context(), &sdk.ModifyReplicationGroupInput{
		ReplicationGroupId: aws.String("g"), AuthToken: &digest, AuthTokenUpdateStrategy: strategy, ApplyImmediately: aws.Bool(true),
	})
	return err
}

func (f *face) messages() []string {
	f.t.Helper()
	out, err := f.DescribeEvents(f.t.Context(), &sdk.DescribeEventsInput{StartTime: aws.Time(f.now.Add(-time.Minute))})
	if err != nil {
		f.t.Fatal(err)
	}
	var all []string
	for _, e := range out.Events {
		all = append(all, aws.ToString(e.Message))
	}
	return all
}

// inUse says that the group's oldest credential is used by worker-1.
func inUse(_ context.Context, g *replication.Group) (usage.Group, error) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	oldest := g.Tokens.Credentials()[0].String()
	return g.Usage([]usage.Record{{
		Credential: oldest, Connections: 3, Authentications: 9, LastUsed: now,
		Clients: []usage.Client{{Address: "10.0.0.7", Name: "worker-1", Nodes: []string{"g-001"}, Connections: 3, LastSeen: now}},
	}}, nil, now), nil
}

func TestGuardedSet(t *testing.T) {
	t.Parallel()
	asked := 0
	f := guardedFace(t, func(ctx context.Context, g *replication.Group) (usage.Group, error) {
		asked++
		return inUse(ctx, g)
	})
	if asked != 0 {
		t.Errorf("asked for usage %d times before anything was to end", asked)
	}
	refused(t, "SET", f.digest("SET", "the-first-token-0001"), "InvalidParameterCombination",
		"would end access without a token of replication group g, which is in use: 3 connections, 9 authentications, in use now, by worker-1 (10.0.0.7)")
	refused(t, "ROTATE", f.digest("ROTATE", "the-second-token-002"), "InvalidParameterCombination", "AuthTokenUpdateStrategy ROTATE would end access without a token")
	if asked != 2 {
		t.Errorf("asked for usage %d times", asked)
	}
	_, err := f.AddTagsToResource(t.Context(), &sdk.AddTagsToResourceInput{
		ResourceName: aws.String("arn:aws:elasticache:us-east-1:000000000000:replicationgroup:g"),
		Tags:         []types.Tag{{Key: aws.String("aikagi:set-guard"), Value: aws.String("warn")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.digest("SET", "the-first-token-0001"); err != nil {
		t.Fatal(err)
	}
	if told := f.messages(); !slices.ContainsFunc(told, func(m string) bool {
		return strings.Contains(m, "ends access without a token") && strings.Contains(m, "worker-1 (10.0.0.7)")
	}) {
		t.Errorf("no event names the client: %q", told)
	}
}

// What DescribeEvents says in English, DescribeEventFacts says as facts, too.
func TestEventFacts(t *testing.T) {
	t.Parallel()
	f := guardedFace(t, inUse)
	f.update("g", func(g *replication.Group) { g.Tags = nil })
	if err := f.digest("SET", "the-first-token-0001"); err != nil {
		t.Fatal(err)
	}
	status, answer := f.ask("DescribeEventFacts", url.Values{"SourceType": {"replication-group"}, "SourceIdentifier": {"g"}})
	for _, want := range []string{
		"<Fact><Code>token-requested</Code><Values><member><Name>strategy</Name><Text>SET<", "<Name>from</Name><Text>NONE,",
		"<Code>guard-warns</Code>", "<Code>client-named</Code>",
	} {
		if status != http.StatusOK || !strings.Contains(answer, want) {
			t.Errorf("status %d, no %s in %s", status, want, answer)
		}
	}
	for _, message := range f.messages() {
		var text bytes.Buffer
		if err := xml.EscapeText(&text, []byte(message)); err != nil || !strings.Contains(answer, "<Message>"+text.String()+"<") {
			t.Errorf("%q is not told as a fact", message)
		}
	}
	if status, answer := f.ask("DescribeEventFacts", url.Values{"SourceIdentifier": {"g"}}); status != http.StatusBadRequest {
		t.Errorf("an identifier without a type: status %d, %s", status, answer)
	}
}

// While nodes are asked, another change may come: then they are asked again, about the
// new set, but not for ever.
func TestGuardAsksAboutTheSetThatEnds(t *testing.T) {
	t.Parallel()
	for _, changes := range []int{1, 9} {
		var f *face
		asked := 0
		f = guardedFace(t, func(_ context.Context, g *replication.Group) (usage.Group, error) {
			if asked++; asked <= changes {
				f.update("g", func(g *replication.Group) {
					guard := g.Tags
					g.Tags = nil // this change goes through
					strategy, digest := token.StrategyRotate, mustToken(t, "another-token-00"+string(rune('0'+asked)))
					if _, err := g.Modify(replication.Change{Token: &token.Update{Digest: &digest, Strategy: strategy}}, f.now); err != nil {
						t.Error(err)
					}
					g.Tags = guard
					g.Settle(f.now, nil)
				})
			}
			return g.Usage(nil, nil, f.now), nil
		})
		err := f.digest("ROTATE", "the-second-token-002")
		if changes == 1 && (err != nil || asked != 2) {
			t.Errorf("one change: %v after %d asks", err, asked)
		}
		if changes > 1 {
			refused(t, "many changes", err, "InvalidParameterCombination", "whose use is not known")
			if asked >= changes {
				t.Errorf("asked %d times, once for each change", asked)
			}
		}
	}
}

func mustToken(t *testing.T, text string) token.Digest {
	t.Helper()
	digest, err := token.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return digest.Digest()
}

func TestDescribeAuthTokenUsage(t *testing.T) {
	t.Parallel()
	f := guardedFace(t, inUse)
	describe := func(group string) (int, string) {
		answer, err := f.http.PostForm(f.url, url.Values{"Action": {"DescribeAuthTokenUsage"}, "Version": {"2015-02-02"}, "ReplicationGroupId": {group}})
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(text)
	}
	status, text := describe("G")
	for _, want := range []string{
		"<ReplicationGroupId>g<", "<AsOf>2026-05-04T12:00:00.000Z<", "<Complete>true<",
		"<Fingerprint>NONE<", "<Standing>old<", "<Connections>3<", "<Authentications>9<", "<LastUsed>2026-05-04T12:00:00.000Z<", "<Refused>0<",
		"<Address>10.0.0.7<", "<Name>worker-1<", "<member>g-001<", "<Standing>new<",
		"<Guard>refuse<", "<Quiet>10m0s<", "<Ends>NONE<", "<InUse>true<", "SET would be refused (aikagi:set-guard=refuse): it would lock out 3 connections of worker-1 (10.0.0.7)",
	} {
		if status != http.StatusOK || !strings.Contains(text, want) {
			t.Errorf("%d: no %s in %s", status, want, text)
		}
	}
	if strings.Contains(text, "<OtherClients>") || strings.Contains(text, "<FirstUsed>") {
		t.Errorf("shows what is not there: %s", text)
	}
	if status, text := describe("none"); status != http.StatusNotFound || !strings.Contains(text, "ReplicationGroupNotFoundFault") {
		t.Errorf("of no group: %d %s", status, text)
	}
	if status, text := describe(""); status != http.StatusBadRequest || !strings.Contains(text, "MissingParameter") {
		t.Errorf("of nothing: %d %s", status, text)
	}
}

// Where nobody can ask, everything is unknown, and said to be.
func TestUsageNobodyCanAsk(t *testing.T) {
	t.Parallel()
	f := guardedFace(t, nil)
	refused(t, "SET", f.digest("SET", "the-first-token-0001"), "InvalidParameterCombination", "node g-001 could not be asked")
}

func TestOwnTagsAreChecked(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	_, err := f.CreateReplicationGroup(t.Context(), &sdk.CreateReplicationGroupInput{
		ReplicationGroupId: aws.String("g"), ReplicationGroupDescription: aws.String("d"),
		Tags: []types.Tag{{Key: aws.String("aikagi:setguard"), Value: aws.String("refuse")}},
	})
	refused(t, "a misspelt tag", err, "InvalidParameterValue", "aikagi:set-guard (refuse, warn or off), aikagi:set-guard-quiet")
	f.create(sdk.CreateReplicationGroupInput{})
	_, err = f.AddTagsToResource(t.Context(), &sdk.AddTagsToResourceInput{
		ResourceName: aws.String("arn:aws:elasticache:us-east-1:000000000000:replicationgroup:g"),
		Tags:         []types.Tag{{Key: aws.String("aikagi:set-guard-quiet"), Value: aws.String("soon")}},
	})
	refused(t, "a bad value", err, "InvalidParameterValue", "The tag aikagi:set-guard-quiet must be a time")
}
