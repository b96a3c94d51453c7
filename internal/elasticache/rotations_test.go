package elasticache

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/store"
)

const (
	rotationTarget  = "file:/run/app/token"
	forbiddenTarget = "file:/etc/shadow"
)

// onlyOneTarget is a service that delivers to one place.
func onlyOneTarget(_ context.Context, target rotation.Target) error {
	if target.String() != rotationTarget {
		return errors.New("--delivery-files does not allow it")
	}
	return nil
}

// ask calls an action that no SDK has.
func (f *face) ask(action string, form url.Values) (status int, text string) {
	f.t.Helper()
	form.Set("Action", action)
	form.Set("Version", "2015-02-02")
	answer, err := f.http.PostForm(f.url, form)
	if err != nil {
		f.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// asked is ask about group g, with names and values in turn; want must be in the answer.
func (f *face) asked(action string, wantStatus int, want []string, members ...string) string {
	f.t.Helper()
	form := url.Values{"ReplicationGroupId": {"g"}}
	for i := 0; i+1 < len(members); i += 2 {
		form.Set(members[i], members[i+1])
	}
	status, text := f.ask(action, form)
	if status != wantStatus {
		f.t.Errorf("%s %v: status %d, want %d: %s", action, members, status, wantStatus, text)
	}
	for _, w := range want {
		if !strings.Contains(text, w) {
			f.t.Errorf("%s %v: no %s in %s", action, members, w, text)
		}
	}
	return text
}

// withToken makes a settled group g that accepts one token.
func withToken(t *testing.T) *face {
	t.Helper()
	f := newFace(t)
	f.create(sdk.CreateReplicationGroupInput{
		NumCacheClusters: aws.Int32(2), TransitEncryptionEnabled: aws.Bool(true), AuthToken: aws.String("the-first-token-0001"),
	})
	return f
}

// step does what the reconciler does with the group's rotation.
func (f *face) step(do func(*replication.Group) error) {
	f.t.Helper()
	f.update("g", func(g *replication.Group) {
		if err := do(g); err != nil {
			f.t.Fatal(err)
		}
	})
}

// toWaiting takes the rotation under way to where clients change over.
func (f *face) toWaiting() {
	f.t.Helper()
	token, err := token.Parse("the-second-token-002")
	if err != nil {
		f.t.Fatal(err)
	}
	f.step(func(g *replication.Group) error {
		_, err1 := g.Turn(rotation.RotateIn(token.Digest()), f.now)
		_, err2 := g.Turn(rotation.NoteRotated, f.now)
		_, err3 := g.Turn(rotation.NoteDelivered, f.now)
		g.Settle(f.now, nil)
		return errors.Join(err1, err2, err3)
	})
}

func TestStartAuthTokenRotation(t *testing.T) {
	t.Parallel()
	f := withToken(t)
	for _, c := range []struct {
		status  int
		want    string
		members []string
	}{
		{400, "Say where the new token is to be delivered", nil},
		{400, "must be file:/path", []string{"Delivery", "pigeon:home"}},
		{400, "--delivery-files does not allow it", []string{"Delivery", forbiddenTarget}},
		{400, "finish rule", []string{"Delivery", rotationTarget, "Finish", "soon"}},
		{400, "Brownout is not a duration", []string{"Delivery", rotationTarget, "Brownout", "5"}},
		{400, "EvictOver must be between", []string{"Delivery", rotationTarget, "EvictOver", "-5s"}},
		{400, "Grace must be more than 0", []string{"Delivery", rotationTarget, "Grace", "0s"}},
		{400, "no rotation to finish", []string{"FinishOnly", "true"}},
		{400, "cannot have a delivery target", []string{"FinishOnly", "true", "Delivery", rotationTarget}},
		{404, "ReplicationGroupNotFoundFault", []string{"Delivery", rotationTarget, "ReplicationGroupId", "none"}},
		{400, "ReplicationGroupId", []string{"Delivery", rotationTarget, "ReplicationGroupId", ""}},
	} {
		f.asked("StartAuthTokenRotation", c.status, []string{c.want}, c.members...)
	}
	f.asked("StartAuthTokenRotation", 200, []string{
		"<State>pending<", "<Cause>request<", "<Delivery>" + rotationTarget + "<", "<Finish>quiet=1h<", "<Brownout>5s<", "<EvictOver>1m0s<",
		"<Grace>10m0s<", "<RollBackOver>-1<", "<Over>false<",
	}, "Delivery", rotationTarget, "Finish", "quiet=1h", "Brownout", "5s", "EvictOver", "1m", "RollBackOver", "-1", "ReplicationGroupId", "G")
	f.asked("StartAuthTokenRotation", 400, []string{"InvalidReplicationGroupState", "under way"}, "Delivery", rotationTarget)
	_, err := f.ModifyReplicationGroup(t.Context(), &sdk.ModifyReplicationGroupInput{ReplicationGroupId: aws.String("g"),
		AuthToken: aws.String("another-token-00001"), AuthTokenUpdateStrategy: types.AuthTokenUpdateStrategyTypeRotate, ApplyImmediately: aws.Bool(true)})
	refused(t, "another token change", err, "InvalidReplicationGroupState", "AUTH token rotation of replication group g is under way")
	if _, err := f.ModifyReplicationGroup(t.Context(), &sdk.ModifyReplicationGroupInput{ReplicationGroupId: aws.String("g"),
		ReplicationGroupDescription: aws.String("other")}); err != nil {
		t.Errorf("a change of something else: %v", err)
	}
}

// TestRotationSaltStays: the salt is in the group, where the token is made of it, and
// nowhere else.
func TestRotationSaltStays(t *testing.T) {
	t.Parallel()
	f := withToken(t)
	text := f.asked("StartAuthTokenRotation", 200, nil, "Delivery", rotationTarget)
	var g *replication.Group
	var receipts []rotation.Rotation
	var events []cache.Event
	err := f.store.View(t.Context(), func(tx store.Tx) (err error) {
		if g, err = store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, "g")); err != nil {
			return err
		}
		if events, err = store.Read(tx, store.Events, store.EntryQuery{}); err != nil {
			return err
		}
		receipts, err = store.Read(tx, store.Rotations, store.EntryQuery{})
		return err
	})
	if err != nil || len(receipts) != 1 || g.Rotation == nil || len(g.Rotation.Salt) < 43 {
		t.Fatalf("%v, %v, %+v", err, receipts, g.Rotation)
	}
	text += f.asked("DescribeAuthTokenRotations", 200, nil) + f.asked("DescribeReplicationGroupAccess", 200, []string{"<Rotation>"})
	if salt := g.Rotation.Salt; receipts[0].Salt != "" || strings.Contains(fmt.Sprint(text, events, receipts), salt) {
		t.Error("the salt is shown")
	}
}

func TestRotationByHand(t *testing.T) {
	t.Parallel()
	f := withToken(t)
	for _, action := range []string{"CancelAuthTokenRotation", "ContinueAuthTokenRotation", "RollBackAuthTokenRotation"} {
		f.asked(action, 400, []string{"InvalidReplicationGroupState", "no AUTH token rotation under way"})
		f.asked(action, 400, []string{"ReplicationGroupId"}, "ReplicationGroupId", "")
	}
	f.asked("StartAuthTokenRotation", 200, nil, "Delivery", rotationTarget, "Finish", "ask")
	f.asked("ContinueAuthTokenRotation", 400, []string{"is pending"})
	f.toWaiting()
	f.asked("RollBackAuthTokenRotation", 400, []string{"is waiting"})
	f.asked("ContinueAuthTokenRotation", 200, []string{"<FinishRequested>true<", "<State>waiting<"})
	f.asked("CancelAuthTokenRotation", 200, []string{"<State>cancelled<", "<Over>true<", "its owner cancelled it"})
	f.asked("DescribeReplicationGroupAccess", 200, []string{"<LastRotation>", "<State>cancelled<"})
	f.asked("StartAuthTokenRotation", 400, []string{"accepts two credentials"}, "Delivery", rotationTarget)
	f.asked("StartAuthTokenRotation", 200, []string{"<State>waiting<", "<FinishOnly>true<"}, "FinishOnly", "true")
	f.step(func(g *replication.Group) error {
		_, err1 := g.Turn(rotation.EndOld(false, nil), f.now)
		_, err2 := g.Turn(rotation.NoteSet, f.now)
		g.Settle(f.now, nil)
		return errors.Join(err1, err2)
	})
	f.asked("CancelAuthTokenRotation", 400, []string{"is watching"})
	f.asked("RollBackAuthTokenRotation", 200, []string{"<RollBackRequested>true<", "<State>watching<"})
	if _, err := f.DeleteReplicationGroup(t.Context(), &sdk.DeleteReplicationGroupInput{ReplicationGroupId: aws.String("g")}); err != nil {
		t.Fatal(err)
	}
	f.asked("DescribeAuthTokenRotations", 200, []string{"<State>failed<", "<Reason>replication group deleted<", "<State>cancelled<"})
}

func TestDescribeAuthTokenRotations(t *testing.T) {
	t.Parallel()
	f := withToken(t)
	if text := f.asked("DescribeAuthTokenRotations", 200, nil); strings.Contains(text, "<member>") {
		t.Errorf("before any: %s", text)
	}
	f.asked("DescribeAuthTokenRotations", 404, []string{"ReplicationGroupNotFoundFault"}, "ReplicationGroupId", "none")
	err := f.store.Update(t.Context(), func(tx store.UpdateTx) error {
		for i := range 41 {
			at := f.now.Add(-time.Duration(i+1) * time.Hour)
			r := rotation.Rotation{ID: fmt.Sprintf("r%02d", i), GroupID: "g", Cause: rotation.Scheduled, State: rotation.Failed,
				StartedAt: at, EndedAt: at, Reason: cache.Quote("no disk"), Notes: []cache.Saying{cache.Quote("a note")}, Culprits: []usage.Client{{Name: "worker", Refused: 3}}}
			if i == 40 { // what no group has any more
				r.State, r.EndedAt = rotation.Waiting, time.Time{}
			}
			if err := store.Append(tx, store.Rotations, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	f.asked("DescribeAuthTokenRotations", 200, []string{"<RotationId>r07<", "<Cause>schedule<", "<Reason>no disk<", "<member>a note</member>",
		"<Name>worker<", "<Refused>3<", "<OldCredential>NONE<"}, "RotationId", "r07")
	f.asked("StartAuthTokenRotation", 200, nil, "Delivery", rotationTarget)
	f.step(func(g *replication.Group) error {
		_, err := g.Turn(rotation.NoteProblem(cache.Quote("the destination is away")), f.now)
		return err
	})
	form, got := url.Values{"MaxRecords": {"20"}}, []string(nil)
	for range 4 {
		_, text := f.ask("DescribeAuthTokenRotations", form)
		var page struct {
			IDs    []string `xml:"DescribeAuthTokenRotationsResult>Rotations>member>RotationId"`
			States []string `xml:"DescribeAuthTokenRotationsResult>Rotations>member>State"`
			Marker string   `xml:"DescribeAuthTokenRotationsResult>Marker"`
		}
		if err := xml.Unmarshal([]byte(text), &page); err != nil {
			t.Fatal(err)
		}
		if got == nil && (page.States[0] != "pending" || !strings.Contains(text, "<Problem>the destination is away<")) {
			t.Errorf("what is under way is not the first, as the group has it: %s", text)
		}
		got = append(got, page.IDs...)
		if page.Marker == "" {
			if last := page.States[len(page.States)-1]; last != "failed" {
				t.Errorf("what was abandoned is %s", last)
			}
			break
		}
		form.Set("Marker", page.Marker)
	}
	if len(got) != 42 || !slices.IsSorted(got[1:]) || got[41] != "r40" {
		t.Errorf("in pages: %q", got)
	}
	f.asked("DescribeAuthTokenRotations", 400, []string{"Marker"}, "Marker", "bm9uZQ")
}

func TestAuthTokenRotationSchedule(t *testing.T) {
	t.Parallel()
	f := withToken(t)
	if text := f.asked("DescribeReplicationGroupAccess", 200, nil); strings.Contains(text, "Rotation") {
		t.Errorf("without any: %s", text)
	}
	f.asked("DeleteAuthTokenRotationSchedule", 400, []string{"no AUTH token rotation schedule"})
	f.asked("PutAuthTokenRotationSchedule", 400, []string{"EveryDays"}, "Delivery", rotationTarget)
	f.asked("PutAuthTokenRotationSchedule", 400, []string{"--delivery-files"}, "Delivery", forbiddenTarget, "EveryDays", "30")
	f.asked("PutAuthTokenRotationSchedule", 400, []string{"between 1 and 1000"}, "Delivery", rotationTarget, "EveryDays", "0")
	f.asked("PutAuthTokenRotationSchedule", 400, []string{"cannot wait for its owner"}, "Delivery", rotationTarget, "EveryDays", "30", "Finish", "ask")
	want := []string{"<EveryDays>30<", "<NextAt>2026-06-07T23:00:00.000Z<", "<Finish>quiet=10m<", "<Delivery>" + rotationTarget + "<"}
	f.asked("PutAuthTokenRotationSchedule", 200, want, "Delivery", rotationTarget, "EveryDays", "30")
	f.update("g", func(g *replication.Group) { g.FailScheduledRotation(cache.Quote("no disk"), f.now) })
	f.asked("DescribeReplicationGroupAccess", 200, []string{"<RotationSchedule>", "<Failed>no disk<", "<NextAt>2026-05-10T23:00:00.000Z<"})
	if text := f.asked("DeleteAuthTokenRotationSchedule", 200, nil); strings.Contains(text, "<EveryDays>") {
		t.Errorf("after its end: %s", text)
	}
}
