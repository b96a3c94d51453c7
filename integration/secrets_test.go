package integration

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

const tokenMalformed = "a token with spaces, which is refused"

// TestSecrets looks everywhere for tokens that were used.
func TestSecrets(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), AuthToken: aws.String(token1)})
		g.change(rotate, token2)
		g.change(set, token2)
		g.change(rotate, token3)
		_, err := g.modify(set, token4)
		checkRefusal(t, err, invalidValue, afterRotate)
		_, err = g.modify(rotate, tokenMalformed)
		checkRefusal(t, err, invalidValue, "Invalid AuthToken provided.")
		g.checkAccess(token2, token3)

		look := leaks{t, []string{token1, token2, token3, token4, tokenWrong, tokenMalformed}}
		look.inFiles(s.Dir)
		look.in("the log", []byte(s.Output()))
		look.inProcess(s.PID(), "cmdline", "environ")
		if len(s.Nodes()) != 2 {
			t.Errorf("nodes: %v", s.Nodes())
		}
		for _, pid := range s.Nodes() {
			look.inProcess(pid, "cmdline", "environ")
		}
		for _, text := range messages(t, s, "", "") {
			look.in("an event", []byte(text))
		}
	})
}

// leaks looks for tokens.
type leaks struct {
	t      *testing.T
	tokens []string
}

func (l leaks) in(where string, text []byte) {
	l.t.Helper()
	if len(text) == 0 {
		l.t.Errorf("%s is empty", where)
	}
	for _, token := range l.tokens {
		if bytes.Contains(text, []byte(token)) {
			l.t.Errorf("%s holds %q", where, token)
		}
	}
}

func (l leaks) inFiles(dir string) {
	l.t.Helper()
	looked := 0
	walkFiles(l.t, dir, func(path string, info fs.FileInfo) {
		text, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist): // a temporary file
		case err != nil:
			l.t.Error(err)
		case len(text) > 0:
			looked++
			l.in(path, text)
		}
	})
	if looked < 10 {
		l.t.Errorf("there were only %d files to look at", looked)
	}
}

func (l leaks) inProcess(pid int, names ...string) {
	l.t.Helper()
	for _, name := range names {
		path := fmt.Sprintf("/proc/%d/%s", pid, name)
		text, err := os.ReadFile(path)
		if err != nil {
			l.t.Fatal(err)
		}
		if name == "environ" && len(text) == 0 {
			continue // nodes get none
		}
		l.in(path, text)
	}
}

// walkFiles calls fn for each regular file below a directory that may change.
func walkFiles(t *testing.T, dir string, fn func(path string, info fs.FileInfo)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return ignoreGone(err)
		}
		info, err := entry.Info()
		if err == nil {
			fn(path, info)
		}
		return ignoreGone(err)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// TestFileModes sees that nobody else can look into the data directory, into a node's,
// or into a file of ours. What an engine writes into its node's is its own business.
func TestFileModes(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), AuthToken: aws.String(token1)})
		g.change(rotate, token2)
		public := []string{"ca.pem"}
		err := filepath.WalkDir(s.Dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return ignoreGone(err)
			}
			if entry.Type()&fs.ModeSymlink != 0 {
				return nil // a link has no mode of its own
			}
			info, err := entry.Info()
			if err == nil && info.Mode().Perm()&0o077 != 0 && !slices.Contains(public, entry.Name()) && !strings.HasPrefix(entry.Name(), "temp-") {
				t.Errorf("%s has mode %v", path, info.Mode())
			}
			return ignoreGone(err)
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// auditLine is a line of the audit log.
type auditLine struct{ Action, Resource, Result, Caller string }

func TestAuditLog(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	g := newGroup(t, s, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{})
	g.change(rotate, token1)
	_, err := g.modify(set, token2)
	checkRefusal(t, err, invalidValue, afterRotate)
	_, err = g.modify(rotate, tokenMalformed)
	checkRefusal(t, err, invalidValue, "")
	arn := tagged{t, s, g.describe().ARN}
	arn.must(arn.add("k", "v"))
	arn.must(arn.remove("k"))
	_, err = s.API().DeleteReplicationGroup(t.Context(), &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: aws.String("other")})
	checkRefusal(t, err, notThere, "other")
	_, err = s.API().CreateUserGroup(t.Context(), &elasticache.CreateUserGroupInput{UserGroupId: aws.String("u"), Engine: aws.String("redis")})
	checkRefusal(t, err, "DefaultUserRequired", "")
	_, err = s.API().CreateSnapshot(t.Context(), &elasticache.CreateSnapshotInput{SnapshotName: aws.String("s"), ReplicationGroupId: aws.String("g")})
	checkRefusal(t, err, "NotImplemented", "")

	text, err := os.ReadFile(filepath.Join(s.Dir, "audit.log"))
	if err != nil {
		t.Fatal(err)
	}
	var got []auditLine
	for line := range strings.Lines(string(text)) {
		var a auditLine
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if !strings.HasPrefix(a.Caller, "AKIA") {
			t.Errorf("who: %q", line)
		}
		a.Caller = ""
		got = append(got, a)
	}
	want := []auditLine{
		{Action: "CreateReplicationGroup", Resource: "g", Result: "ok"},
		{Action: "ModifyReplicationGroup", Resource: "g", Result: "ok"},
		{Action: "ModifyReplicationGroup", Resource: "g", Result: invalidValue},
		{Action: "ModifyReplicationGroup", Resource: "g", Result: invalidValue},
		{Action: "AddTagsToResource", Resource: *arn.arn, Result: "ok"},
		{Action: "RemoveTagsFromResource", Resource: *arn.arn, Result: "ok"},
		{Action: "DeleteReplicationGroup", Resource: "other", Result: notThere},
		{Action: "CreateUserGroup", Resource: "u", Result: "DefaultUserRequired"},
		{Action: "CreateSnapshot", Resource: "g", Result: "NotImplemented"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("audit log:\n%s", text)
	}
}
