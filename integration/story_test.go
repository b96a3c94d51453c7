package integration

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

// TestStory is the story that must always work, told with the AWS CLI and redis-cli:
// a group runs with TLS and no token. SET is refused with the documented message.
// ROTATE adds the token; clients with and without it both work. SET makes it the only
// way in. Then the token is changed for another, in the same way.
func TestStory(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := &story{group: &group{Server: harness.Start(t), t: t, id: "story"}, cli: redisCLI(t, engine)}
		s.create(engine)
		s.write()
		early := dial(t, s.primary(), s.ca) // connects before there is any token
		s.livesOn(early)

		s.setIsRefused()
		s.rotate(token1)
		s.checkAccess(none, token1)
		s.checkStatus(true)
		s.read("--no-auth-warning", "-a", token1)
		s.read()
		s.isShutOut("-a", tokenWrong)

		s.set(token1)
		s.checkAccess(token1)
		s.checkStatus(false)
		s.read("--no-auth-warning", "-a", token1)
		s.read("--no-auth-warning", "--user", "default", "--pass", token1)
		s.read("--no-auth-warning", "-3", "-a", token1)
		s.isShutOut()
		s.livesOn(early)

		holder := dial(t, s.primary(), s.ca)
		if reply := holder.do("AUTH", token1); reply != "OK" {
			t.Fatalf("AUTH: %s", reply)
		}
		s.rotate(token2)
		s.checkAccess(token1, token2)
		s.checkStatus(false)
		s.set(token2)
		s.checkAccess(token2)
		s.isShutOut("-a", token1)
		s.read("--no-auth-warning", "-a", token2)
		s.livesOn(holder)
		s.livesOn(early)

		s.checkEvents()
		s.delete()
	})
}

// story is the group that the story is about.
type story struct {
	*group
	cli  string // redis-cli or valkey-cli
	last string // AuthTokenLastModifiedDate after the last change
}

// cliGroup is what the AWS CLI shows of a group.
type cliGroup struct {
	Status                    string
	AuthTokenEnabled          bool
	AuthTokenLastModifiedDate string
	MemberClusters            []string
	PendingModifiedValues     struct{ AuthTokenStatus string }
}

// awsCLI runs a command of `aws elasticache` that must succeed, and reads its answer.
func (s *story) awsCLI(into any, words ...string) {
	s.t.Helper()
	out, problems, err := s.AWS(append([]string{"elasticache", "--output", "json"}, words...)...)
	if err != nil {
		s.t.Fatalf("aws elasticache %s: %v\n%s", words[0], err, problems)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal([]byte(out), into); err != nil {
		s.t.Fatalf("answer of aws elasticache %s: %v\n%s", words[0], err, out)
	}
}

func (s *story) create(engine string) {
	s.t.Helper()
	var answer struct{ ReplicationGroup cliGroup }
	s.awsCLI(&answer, "create-replication-group", "--replication-group-id", s.id, "--replication-group-description", "the story",
		"--engine", engine, "--cache-node-type", "cache.t4g.micro", "--num-cache-clusters", "3", "--transit-encryption-enabled")
	want := cliGroup{Status: "creating", MemberClusters: []string{"story-001", "story-002", "story-003"}}
	if diff := cmp.Diff(want, answer.ReplicationGroup); diff != "" {
		s.t.Errorf("answer to create (-want +got):\n%s", diff)
	}
	s.AwaitStatus(s.id, "available")
	s.awsCLI(nil, "wait", "replication-group-available", "--replication-group-id", s.id)
	s.ca = s.CA()
	s.checkAccess(none)
}

// write stores a value on all three nodes.
func (s *story) write() {
	s.t.Helper()
	if out := s.redis(s.primary(), "SET greeting hello\nWAIT 2 5000\n"); out != "OK\n2\n" {
		s.t.Fatalf("SET and WAIT: %q", out)
	}
}

// read finds the value at every address, with a login of redis-cli's.
func (s *story) read(login ...string) {
	s.t.Helper()
	for _, address := range s.addresses() {
		if out := s.redis(address, "GET greeting\n", login...); !strings.HasSuffix(out, "hello\n") || strings.Contains(out, "ERR") {
			s.t.Errorf("GET at %s with %.10q: %q", address, login, out)
		}
	}
}

// isShutOut finds that a login of redis-cli's gets nowhere at any address.
func (s *story) isShutOut(login ...string) {
	s.t.Helper()
	want := "NOAUTH Authentication required."
	if len(login) > 0 {
		want = "AUTH failed: WRONGPASS"
	}
	for _, address := range s.addresses() {
		if out := s.redis(address, "GET greeting\n", login...); !strings.Contains(out, want) {
			s.t.Errorf("GET at %s with %.10q: %q, want %q", address, login, out, want)
		}
	}
}

// livesOn uses a connection that was opened under another set of credentials.
func (s *story) livesOn(w *wire) {
	s.t.Helper()
	if reply := w.do("GET", "greeting"); reply != "hello" {
		s.t.Errorf("GET on an open connection: %s", reply)
	}
}

func (s *story) setIsRefused() {
	s.t.Helper()
	_, problems, err := s.AWS("elasticache", "modify-replication-group", "--replication-group-id", s.id,
		"--auth-token", token1, "--auth-token-update-strategy", "SET", "--apply-immediately")
	const want = "An error occurred (InvalidParameterValue) when calling the ModifyReplicationGroup operation: " +
		"There is no AUTH token to SET. Please rotate in an AUTH token first."
	if err == nil || strings.TrimSpace(problems) != want {
		s.t.Errorf("SET without a token: %v: %q, want %q", err, problems, want)
	}
}

func (s *story) rotate(token string) { s.t.Helper(); s.change("ROTATE", "ROTATING", token) }
func (s *story) set(token string)    { s.t.Helper(); s.change("SET", "SETTING", token) }

// change modifies the token and follows what the API says of it.
func (s *story) change(strategy, status, token string) {
	s.t.Helper()
	var answer struct{ ReplicationGroup cliGroup }
	s.awsCLI(&answer, "modify-replication-group", "--replication-group-id", s.id,
		"--auth-token", token, "--auth-token-update-strategy", strategy, "--apply-immediately")
	g := answer.ReplicationGroup
	if g.Status != "modifying" || g.PendingModifiedValues.AuthTokenStatus != status {
		s.t.Errorf("%s is answered with %s and AuthTokenStatus %q, want modifying and %s", strategy, g.Status, g.PendingModifiedValues.AuthTokenStatus, status)
	}
	s.AwaitStatus(s.id, "available")
	var now struct{ ReplicationGroups []cliGroup }
	s.awsCLI(&now, "describe-replication-groups", "--replication-group-id", s.id)
	g = now.ReplicationGroups[0]
	if g.Status != "available" || g.PendingModifiedValues.AuthTokenStatus != "" || !g.AuthTokenEnabled {
		s.t.Errorf("after %s: %+v", strategy, g)
	}
	if g.AuthTokenLastModifiedDate <= s.last {
		s.t.Errorf("after %s AuthTokenLastModifiedDate is %q, and was %q before", strategy, g.AuthTokenLastModifiedDate, s.last)
	}
	s.last = g.AuthTokenLastModifiedDate
}

// checkStatus looks whether our own status warns of passwordless access.
func (s *story) checkStatus(open bool) {
	s.t.Helper()
	out, err := s.Aikagi("status", s.id)
	if err != nil || strings.Contains(out, "PASSWORDLESS ACCESS IS STILL OPEN") != open || !strings.Contains(out, "story-003") {
		s.t.Errorf("aikagi status, passwordless access open: %t: %v\n%s", open, err, out)
	}
	all, err := s.Aikagi("status")
	if err != nil || strings.Contains(all, "PASSWORDLESS STILL OPEN") != open {
		s.t.Errorf("aikagi status of all groups, passwordless access open: %t: %v\n%s", open, err, all)
	}
}

func (s *story) checkEvents() {
	s.t.Helper()
	var answer struct{ Events []struct{ Message string } }
	s.awsCLI(&answer, "describe-events", "--source-type", "replication-group", "--source-identifier", s.id)
	var got []string
	warnings := 0 // that SET ended what had just been used
	for _, e := range answer.Events {
		if strings.Contains(e.Message, "Auth token SET ends ") {
			warnings++
		} else {
			got = append([]string{e.Message}, got...) // the newest come first
		}
	}
	if warnings != 2 {
		s.t.Errorf("%d events warn of a SET that ends what is in use, want 2", warnings)
	}
	want := []string{"Replication group story created"}
	for _, c := range []struct{ strategy, from, to string }{
		{"ROTATE", "{NONE}", "{NONE, 1}"}, {"SET", "{NONE, 1}", "{1}"}, {"ROTATE", "{1}", "{1, 2}"}, {"SET", "{1, 2}", "{2}"},
	} {
		names := strings.NewReplacer("1", nameOf(token1), "2", nameOf(token2))
		from, to := names.Replace(c.from), names.Replace(c.to)
		want = append(want, fmt.Sprintf("Auth token %s requested for replication group story: %s to %s", c.strategy, from, to),
			fmt.Sprintf("Auth token %s finished for replication group story: every node accepts %s and nothing else", c.strategy, to))
		if strings.HasPrefix(to, "{NONE, ") {
			want = append(want, "Replication group story still accepts clients without a token; SET the new token to close it")
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("events (-want +got):\n%s", diff)
	}
	if got := messages(s.t, s.Server, types.SourceTypeCacheCluster, "story-002"); !slices.Equal(got, []string{"Cache cluster created", "Added cache node 0001 in availability zone us-east-1b"}) {
		s.t.Errorf("events of a replica: %q", got)
	}
}

func (s *story) delete() {
	s.t.Helper()
	var answer struct{ ReplicationGroup cliGroup }
	s.awsCLI(&answer, "delete-replication-group", "--replication-group-id", s.id)
	if answer.ReplicationGroup.Status != "deleting" {
		s.t.Errorf("answer to delete: %s", answer.ReplicationGroup.Status)
	}
	s.AwaitStatus(s.id, "")
	s.awsCLI(nil, "wait", "replication-group-deleted", "--replication-group-id", s.id)
	if left := s.Nodes(); len(left) > 0 {
		s.t.Errorf("nodes of the deleted group: %v", left)
	}
	if left, err := os.ReadDir(s.Dir + "/nodes"); err != nil || len(left) > 0 {
		s.t.Errorf("directories of the deleted group: %v, %v", left, err)
	}
}

// redisCLI finds the engine's own command line client, or the other engine's.
func redisCLI(t *testing.T, engine string) string {
	t.Helper()
	for _, name := range []string{engine + "-cli", "redis-cli", "valkey-cli"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("there is no redis-cli and no valkey-cli")
	return ""
}

// redis runs redis-cli with commands on its standard input, and returns all that it
// prints.
func (s *story) redis(address, commands string, login ...string) string {
	s.t.Helper()
	host, port, _ := strings.Cut(address, ":")
	args := append([]string{"-h", host, "-p", port, "--tls", "--cacert", s.CAFile()}, login...)
	command := exec.CommandContext(s.t.Context(), s.cli, args...)
	command.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "REDISCLI_") })
	command.Stdin = strings.NewReader(commands)
	out, err := command.CombinedOutput()
	if err != nil && len(login) == 0 {
		s.t.Fatalf("%s: %v\n%s", s.cli, err, out)
	}
	return string(out)
}
