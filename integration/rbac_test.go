package integration

import (
	"os"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

// TestUsersSurvive: users and user groups are there after a kill -9, and their passwords nowhere.
func TestUsersSurvive(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	passwords := []string{"a-str0ng-pa))word", "another-str0ng-one"}
	_, err := s.API().CreateUser(t.Context(), &elasticache.CreateUserInput{
		UserId: aws.String("my-default"), UserName: aws.String("default"), Engine: aws.String("redis"), AccessString: aws.String("off (~a +get) %R~b +@read -client|kill"),
		Passwords: passwords,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.API().CreateUserGroup(t.Context(), &elasticache.CreateUserGroupInput{UserGroupId: aws.String("readers"), Engine: aws.String("redis"), UserIds: []string{"my-default"}})
	if err != nil {
		t.Fatal(err)
	}
	s.Kill()
	s.Start()
	users, err := s.API().DescribeUsers(t.Context(), &elasticache.DescribeUsersInput{})
	if err != nil || len(users.Users) != 2 || *users.Users[0].UserId != "default" || *users.Users[0].AccessString != "on ~* +@all" {
		t.Fatalf("users: %+v, %v", users, err)
	}
	if u := users.Users[1]; *u.AccessString != "off %R~b -@all +@read -client|kill (~a -@all +get)" || *u.Authentication.PasswordCount != 2 || *u.MinimumEngineVersion != "7.0" || !slices.Equal(u.UserGroupIds, []string{"readers"}) {
		t.Errorf("the user is %+v", u)
	}
	events, err := s.API().DescribeEvents(t.Context(), &elasticache.DescribeEventsInput{SourceType: types.SourceTypeUserGroup})
	if err != nil || len(events.Events) != 1 {
		t.Errorf("events: %+v, %v", events, err)
	}
	look := leaks{t, passwords}
	look.inFiles(s.Dir)
	look.in("the log", []byte(s.Output()))
}

const usersByTerraform = `
resource "aws_elasticache_user" "default" {
  user_id       = "my-default"
  user_name     = "default"
  access_string = "off ~keys* -@all +get"
  engine        = "REDIS"
  passwords     = ["password123456789"]
}

resource "aws_elasticache_user" "alice" {
  user_id       = "alice"
  user_name     = "alice"
  access_string = "on ~app::* -@all +@read +@hash -setbit"
  engine        = "redis"
  authentication_mode {
    type      = "password"
    passwords = ["password123456789", "another-password"]
  }
  tags = { Team = "orders" }
}

resource "aws_elasticache_user_group" "all" {
  engine        = "redis"
  user_group_id = "everybody"
  user_ids      = [aws_elasticache_user.default.user_id]
  lifecycle { ignore_changes = [user_ids] }
}

resource "aws_elasticache_user_group_association" "alice" {
  user_group_id = aws_elasticache_user_group.all.user_group_id
  user_id       = aws_elasticache_user.alice.user_id
}
`

const usersChanged = `
resource "aws_elasticache_user" "alice" {
  access_string = "on ~app::* &news -@all +@read"
  authentication_mode {
    type      = "password"
    passwords = ["yet-another-password"]
  }
  tags = { Team = "stock" }
}
`

// TestUsersByTerraform makes users, a group and an association, changes a user in place, and takes all of it away, in Terraform's order.
func TestUsersByTerraform(t *testing.T) {
	t.Parallel()
	if os.Getenv("AIKAGI_ARGUMENTS") == "" {
		t.Skip("Terraform waits for half a minute at every step of a user group: make terraform-test")
	}
	terraform, err := harness.FindTerraform()
	if err != nil {
		t.Skipf("Terraform is not tried: %v", err)
	}
	s := harness.Start(t)
	tf := terraform.Begin(t, s)
	tf.Write("main.tf", usersByTerraform)
	tf.Apply(4, 0, 0)
	tf.WantDone()
	tf.Write("changed_override.tf", usersChanged)
	tf.Apply(0, 1, 0)
	tf.WantDone()
	tf.Destroy()
	if users, err := s.API().DescribeUsers(t.Context(), &elasticache.DescribeUsersInput{}); err != nil || len(users.Users) != 1 {
		t.Errorf("users are left: %+v, %v", users, err)
	}
}
