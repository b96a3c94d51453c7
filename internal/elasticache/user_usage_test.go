package elasticache

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// withUser makes a cache g with the users default, and alice, dan and eve, who have a password.
func withUser(t *testing.T, ask func(context.Context, *replication.Group) (usage.Group, error)) *face {
	t.Helper()
	f := newFace(t, func(o *Options) { o.Usage = ask })
	people := []string{"alice", "dan", "eve"}
	for _, id := range people {
		if err := f.createUser(id); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.CreateUserGroup(t.Context(), &sdk.CreateUserGroupInput{UserGroupId: aws.String("team"), Engine: aws.String("redis"), UserIds: append(people, "default")}); err != nil {
		t.Fatal(err)
	}
	f.create(sdk.CreateReplicationGroupInput{TransitEncryptionEnabled: aws.Bool(true), UserGroupIds: []string{"team"}})
	return f
}

// TestUserUsageAnswers: what nodes know is answered for each cache that has the user, and for no other.
func TestUserUsageAnswers(t *testing.T) {
	t.Parallel()
	asked := []string{}
	f := withUser(t, func(_ context.Context, g *replication.Group) (usage.Group, error) {
		asked = append(asked, g.ID)
		return g.Usage(nil, []usage.MissingNode{{NodeID: "g-001"}}, g.CreatedAt), nil
	})
	f.create(sdk.CreateReplicationGroupInput{ReplicationGroupId: aws.String("other")})
	if err := f.createUser("bob"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		form   url.Values
		status int
		want   string
	}{
		{url.Values{"UserId": {"ALICE"}}, http.StatusOK, "<Complete>false</Complete>"},
		{url.Values{"UserId": {"alice"}, "ReplicationGroupId": {"G"}}, http.StatusOK, "<Standing>current</Standing>"},
		{url.Values{"UserId": {"bob"}}, http.StatusOK, "<Complete>true</Complete>"},
		{url.Values{"UserId": {"carol"}}, http.StatusNotFound, "UserNotFound"},
		{url.Values{}, http.StatusNotFound, "UserNotFound"},
		{url.Values{"UserId": {"alice"}, "ReplicationGroupId": {"none"}}, http.StatusNotFound, "ReplicationGroupNotFoundFault"},
		{url.Values{"UserId": {"alice"}, "ReplicationGroupId": {"other"}}, http.StatusBadRequest, "The user alice is not in the user group of other."},
	} {
		if status, text := f.ask("DescribeUserUsage", c.form); status != c.status || !strings.Contains(text, c.want) {
			t.Errorf("%v: status %d, %s, want %d, %s", c.form, status, text, c.status, c.want)
		}
	}
	if !slices.Equal(asked, []string{"g", "g"}) {
		t.Errorf("asked %v", asked)
	}
}

// TestGuardOfUsers: a cache whose nodes do not answer lets a password go as its guard says, and one that nobody guards is not asked.
func TestGuardOfUsers(t *testing.T) {
	t.Parallel()
	asked := 0
	f := withUser(t, func(_ context.Context, g *replication.Group) (usage.Group, error) {
		asked++
		return g.Usage(nil, []usage.MissingNode{{NodeID: "g-001"}}, g.CreatedAt), nil
	})
	give := func(user string) error {
		_, err := f.ModifyUser(t.Context(), &sdk.ModifyUserInput{UserId: &user, Passwords: []string{"another-password"}})
		return err
	}
	guard := func(mode string) {
		t.Helper()
		_, err := f.AddTagsToResource(t.Context(), &sdk.AddTagsToResourceInput{
			ResourceName: aws.String("arn:aws:elasticache:us-east-1:000000000000:replicationgroup:g"), Tags: []types.Tag{{Key: aws.String("aikagi:set-guard"), Value: &mode}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	guard("refuse")
	refused(t, "while it refuses", give("alice"), "InvalidParameterCombination", "whose use is not fully known")
	guard("warn")
	if err := give("alice"); err != nil {
		t.Error(err)
	}
	if told := f.messages(); !slices.ContainsFunc(told, func(m string) bool { return strings.HasPrefix(m, "The change ends the password ") }) {
		t.Errorf("no event warns: %q", told)
	}
	if asked != 2 {
		t.Errorf("nodes were asked %d times", asked)
	}
	guard("off")
	if err := give("dan"); err != nil {
		t.Error(err)
	}
	guard("refuse")
	if _, err := f.ModifyUser(t.Context(), &sdk.ModifyUserInput{UserId: aws.String("eve"), AccessString: aws.String("on ~* +get")}); err != nil {
		t.Errorf("no password was to go: %v", err)
	}
	if asked != 2 {
		t.Errorf("nodes were asked %d times in the end", asked)
	}
}
