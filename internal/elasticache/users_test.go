package elasticache

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/store"
)

const userPassword = "a-str0ng-pa))word"

// createUser makes a user with a password, named like its id, unless change says otherwise.
func (f *face) createUser(id string, change ...func(*sdk.CreateUserInput)) error {
	in := &sdk.CreateUserInput{UserId: &id, UserName: &id, Engine: aws.String("Redis"), AccessString: aws.String("on ~* +@all"), Passwords: []string{userPassword}}
	for _, c := range change {
		c(in)
	}
	_, err := f.CreateUser(f.t.Context(), in)
	return err
}

func (f *face) describeUsers(in sdk.DescribeUsersInput) (ids []string) {
	f.t.Helper()
	for {
		out, err := f.DescribeUsers(f.t.Context(), &in)
		if err != nil {
			f.t.Fatal(err)
		}
		for _, u := range out.Users {
			ids = append(ids, *u.UserId)
		}
		if in.Marker = out.Marker; in.Marker == nil {
			return ids
		}
	}
}

// TestUsers is the life of a user, with the answers of each action.
func TestUsers(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	made, err := f.CreateUser(t.Context(), &sdk.CreateUserInput{
		UserId: aws.String("Alice"), UserName: aws.String("Alice"), Engine: aws.String("REDIS"), AccessString: aws.String("+get ~keys*"),
		AuthenticationMode: &types.AuthenticationMode{Type: types.InputAuthenticationTypePassword, Passwords: []string{userPassword, "another-password"}},
		Tags:               []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(*made.ARN, *made.UserId, *made.UserName, *made.AccessString, made.Authentication.Type, *made.Authentication.PasswordCount, *made.Status, *made.Engine, *made.MinimumEngineVersion); got !=
		"arn:aws:elasticache:us-east-1:000000000000:user:alice"+"alice"+"Alice"+"off ~keys* -@all +get"+"password2"+"activeredis6.0" {
		t.Errorf("created: %s", got)
	}
	if _, err := f.CreateUserGroup(t.Context(), &sdk.CreateUserGroupInput{UserGroupId: aws.String("G"), Engine: aws.String("redis"), UserIds: []string{"default", "ALICE"}}); err != nil {
		t.Fatal(err)
	}
	changed, err := f.ModifyUser(t.Context(), &sdk.ModifyUserInput{UserId: aws.String("ALICE"), AppendAccessString: aws.String("on +set"), NoPasswordRequired: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	if *changed.AccessString != "on ~keys* -@all +get +set" || changed.Authentication.Type != "no-password" || changed.Authentication.PasswordCount != nil || !slices.Equal(changed.UserGroupIds, []string{"g"}) {
		t.Errorf("modified: %+v", changed)
	}
	tags, err := f.ListTagsForResource(t.Context(), &sdk.ListTagsForResourceInput{ResourceName: made.ARN})
	if err != nil || len(tags.TagList) != 1 || *tags.TagList[0].Value != "a" {
		t.Errorf("tags: %+v, %v", tags, err)
	}
	for id, code := range map[string]string{"user:alice": "", "usergroup:g": "", "user:default": "InvalidParameterValue", "user:none": "UserNotFound", "usergroup:none": "UserGroupNotFound"} {
		arn := aws.String("arn:aws:elasticache:us-east-1:000000000000:" + id)
		added, err := f.AddTagsToResource(t.Context(), &sdk.AddTagsToResourceInput{ResourceName: arn, Tags: []types.Tag{{Key: aws.String("stage"), Value: aws.String("prod")}}})
		if code != "" {
			refused(t, id, err, code, "")
			continue
		}
		if listed, err := f.ListTagsForResource(t.Context(), &sdk.ListTagsForResourceInput{ResourceName: arn}); err != nil || !slices.Equal(tagKeys(listed.TagList), tagKeys(added.TagList)) {
			t.Errorf("%s: %+v, %v", id, listed, err)
		}
	}
	gone, err := f.DeleteUser(t.Context(), &sdk.DeleteUserInput{UserId: aws.String("alice")})
	if err != nil || *gone.Status != "deleting" || !slices.Equal(gone.UserGroupIds, []string{"g"}) {
		t.Errorf("deleted: %+v, %v", gone, err)
	}
	g, err := f.DescribeUserGroups(t.Context(), &sdk.DescribeUserGroupsInput{UserGroupId: aws.String("g")})
	if err != nil || !slices.Equal(g.UserGroups[0].UserIds, []string{"default"}) || *g.UserGroups[0].Status != "active" {
		t.Errorf("its group: %+v, %v", g, err)
	}
	events, err := f.DescribeEvents(t.Context(), &sdk.DescribeEventsInput{SourceType: types.SourceTypeUser, SourceIdentifier: aws.String("alice")})
	if err != nil || len(events.Events) != 3 || *events.Events[0].Message != "User alice has been deleted" {
		t.Errorf("events: %+v, %v", events, err)
	}
}

func tagKeys(tags []types.Tag) (keys []string) {
	for _, tag := range tags {
		keys = append(keys, *tag.Key)
	}
	return keys
}

func TestUserRefusals(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	ctx := t.Context()
	for _, id := range []string{"alice", "bob"} {
		if err := f.createUser(id); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.createUser("my-default", func(in *sdk.CreateUserInput) { in.UserName = aws.String("default") }); err != nil {
		t.Fatal(err)
	}
	group := func(id, engine string, users ...string) error {
		_, err := f.CreateUserGroup(ctx, &sdk.CreateUserGroupInput{UserGroupId: &id, Engine: &engine, UserIds: users})
		return err
	}
	if err := group("g", "redis", "my-default", "alice"); err != nil {
		t.Fatal(err)
	}
	modify := func(in sdk.ModifyUserGroupInput) error {
		in.UserGroupId = aws.String("g")
		_, err := f.ModifyUserGroup(ctx, &in)
		return err
	}
	deleteUser := func(id string) error {
		_, err := f.DeleteUser(ctx, &sdk.DeleteUserInput{UserId: &id})
		return err
	}
	_, noUser := f.DescribeUsers(ctx, &sdk.DescribeUsersInput{UserId: aws.String("none")})
	_, noGroup := f.DescribeUserGroups(ctx, &sdk.DescribeUserGroupsInput{UserGroupId: aws.String("none")})
	_, noDeletion := f.DeleteUserGroup(ctx, &sdk.DeleteUserGroupInput{UserGroupId: aws.String("none")})
	_, badFilter := f.DescribeUsers(ctx, &sdk.DescribeUsersInput{Filters: []types.Filter{{Name: aws.String("shoe-size"), Values: []string{"44"}}}})
	for _, c := range []struct {
		what          string
		err           error
		code, message string
	}{
		{"the same id", f.createUser("ALICE"), "UserAlreadyExists", "User alice already exists."},
		{"the default id", f.createUser("default"), "UserAlreadyExists", "User default already exists."},
		{"iam", f.createUser("carol", func(in *sdk.CreateUserInput) {
			in.Passwords, in.AuthenticationMode = nil, &types.AuthenticationMode{Type: types.InputAuthenticationTypeIam}
		}), "NotImplemented", "cannot check IAM's tokens"},
		{"a hidden command", f.createUser("carol", func(in *sdk.CreateUserInput) { in.AccessString = aws.String("on +config") }), "InvalidParameterValue", "never offered"},
		{"no such user", noUser, "UserNotFound", "User none not found."},
		{"delete no such user", deleteUser("none"), "UserNotFound", "User none not found."},
		{"delete the default", deleteUser("default"), "InvalidParameterValue", "cannot be deleted"},
		{"delete a group's default", deleteUser("my-default"), "DefaultUserAssociatedToUserGroup", "can't be deleted"},
		{"no such group", noGroup, "UserGroupNotFound", "User group none not found."},
		{"delete no such group", noDeletion, "UserGroupNotFound", "User group none not found."},
		{"the same group", group("G", "redis", "default"), "UserGroupAlreadyExists", "User group g already exists."},
		{"no default", group("h", "redis", "alice"), "DefaultUserRequired", "Redis user group needs to contain a user with the user name default."},
		{"no such member", group("h", "redis", "default", "none"), "UserNotFound", "User none not found."},
		{"two defaults", group("h", "redis", "default", "my-default"), "DuplicateUserName", "default"},
		{"not a member", modify(sdk.ModifyUserGroupInput{UserIdsToRemove: []string{"bob"}}), "InvalidParameterValue", "User bob is not a member of user group g."},
		{"nothing", modify(sdk.ModifyUserGroupInput{}), "InvalidParameterCombination", "No modifications were requested"},
		{"the last default", modify(sdk.ModifyUserGroupInput{UserIdsToRemove: []string{"my-default"}}), "DefaultUserRequired", "needs to contain"},
		{"a filter", badFilter, "InvalidParameterValue", "shoe-size"},
	} {
		refused(t, c.what, c.err, c.code, c.message)
	}
	if err := modify(sdk.ModifyUserGroupInput{UserIdsToAdd: []string{"default", "bob"}, UserIdsToRemove: []string{"my-default"}}); err != nil {
		t.Errorf("swap the default: %v", err)
	}
	if err := deleteUser("my-default"); err != nil {
		t.Errorf("delete it when it is swapped: %v", err)
	}
}

// TestUserPages: the default user is one of all, pages have every user once, and filters let through what they say.
func TestUserPages(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	var want []string
	for i := range 22 {
		want = append(want, fmt.Sprintf("a%02d", i))
		if err := f.createUser(want[i], func(in *sdk.CreateUserInput) { in.Engine = aws.String([]string{"redis", "valkey"}[i%2]) }); err != nil {
			t.Fatal(err)
		}
	}
	want = append(want, "default")
	if got := f.describeUsers(sdk.DescribeUsersInput{MaxRecords: aws.Int32(20)}); !slices.Equal(got, want) {
		t.Errorf("the pages have %v", got)
	}
	for what, in := range map[string]sdk.DescribeUsersInput{
		"12": {Engine: aws.String("REDIS")}, "11": {Engine: aws.String("valkey")}, "1": {UserId: aws.String("DEFAULT"), Engine: aws.String("redis")}, "0": {UserId: aws.String("a00"), Engine: aws.String("valkey")},
		"2": {Filters: []types.Filter{{Name: aws.String("UserId"), Values: []string{"A00", "default", "none"}}, {Name: aws.String("user-name"), Values: []string{"a00", "a01", "default"}}}},
	} {
		if got := f.describeUsers(in); fmt.Sprint(len(got)) != what {
			t.Errorf("%+v: %v, want %s", in, got, what)
		}
	}
}

// TestPasswordsAreNotKept: what was given as a password is nowhere afterwards, whether it was accepted or not.
func TestPasswordsAreNotKept(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	f := newFace(t, func(o *Options) {
		o.Logger = slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
		o.Audit = func(r Record) { fmt.Fprintf(&logged, "%+v\n", r) }
	})
	const secret = "S3cret-passw0rd-"
	for i, password := range []string{secret + "fine", secret + ",", secret + strings.Repeat("x", 128)} {
		err := f.createUser(fmt.Sprint("u", i), func(in *sdk.CreateUserInput) { in.Passwords = []string{password} })
		other := f.createUser(fmt.Sprint("v", i), func(in *sdk.CreateUserInput) {
			in.Passwords, in.AuthenticationMode = nil, &types.AuthenticationMode{Type: types.InputAuthenticationTypePassword, Passwords: []string{password}}
		})
		inString := f.createUser(fmt.Sprint("w", i), func(in *sdk.CreateUserInput) { in.AccessString = aws.String("on " + password + " >" + password) })
		fmt.Fprintln(&logged, err, other, inString)
		if (err == nil) != (i == 0) || (other == nil) != (i == 0) || inString == nil {
			t.Errorf("password %d: %v, %v, %v", i, err, other, inString)
		}
	}
	err := f.store.View(t.Context(), func(tx store.Tx) error {
		rows, err := tx.Scan(store.Users.Name, store.Range{})
		for _, row := range rows {
			logged.Write(row.Body)
		}
		return err
	})
	if err != nil || strings.Contains(logged.String(), secret) || !strings.Contains(logged.String(), "Resource:u0") || !strings.Contains(logged.String(), "passwords") {
		t.Errorf("what is kept: %s (%v)", &logged, err)
	}
}
