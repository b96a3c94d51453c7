package integration

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

// redisBuild writes a program that says it is this version of Redis, and is the installed one otherwise.
func redisBuild(t *testing.T, path, version string) {
	t.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed")
	}
	// What it is told to allow, the real one, which is older, may not know.
	text := "#!/bin/sh\n[ \"$1\" = --version ] && { echo 'Redis server v=" + version + " sha=00000000:0 malloc=libc bits=64'; exit 0; }\n" +
		`sed -i -E 's/ \+(client\|(no-touch|setinfo)|cluster\|myshardid)//g' users.acl; exec ` + program + ` "$@"` + "\n"
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
}

// shownVersion is the engine and version of a member, in the original's API.
func (g *group) shownVersion() string {
	g.t.Helper()
	out, err := g.API().DescribeCacheClusters(g.t.Context(), &elasticache.DescribeCacheClustersInput{CacheClusterId: aws.String(g.id + "-001")})
	if err != nil {
		g.t.Fatal(err)
	}
	return aws.ToString(out.CacheClusters[0].Engine) + " " + aws.ToString(out.CacheClusters[0].EngineVersion)
}

// TestAliasOfAVersion asks for what is not installed, and starts the control plane anew without the alias and without the build.
func TestAliasOfAVersion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	redisBuild(t, filepath.Join(dir, "redis-server-7.3"), "7.3.1")
	redisBuild(t, filepath.Join(dir, "redis-server-7.3.0"), "7.3.1") // the same once more
	if err := os.WriteFile(filepath.Join(dir, "redis-server-old"), []byte("#!/bin/sh\necho 'Redis server v=6.2.6 sha=0 malloc=libc bits=64'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	args := []string{"--engine-path", dir, "--engine-alias", "redis:6.2=redis:7.3"}
	s := harness.Start(t, args...)
	_, err := s.API().CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: aws.String("none"), CacheNodeType: aws.String("cache.t4g.micro"), ReplicationGroupDescription: aws.String("d"),
		Engine: aws.String("redis"), EngineVersion: aws.String("7.4"),
	})
	checkRefusal(t, err, invalidCombi, "Cannot find version 7.4 for redis. Offered: 6.2 (served by redis 7.3.1), 7.0, 7.1 (served by redis 7.0")
	checkRefusal(t, err, invalidCombi, "7.3. Install it and point --engine-path at it, or have another version serve it: aikagi serve --engine-alias redis:7.4=redis:7.3.")

	g := newGroup(t, s, "redis", elasticache.CreateReplicationGroupInput{EngineVersion: aws.String("6.x")})
	if got := g.shownVersion(); got != "redis 6.2.6" {
		t.Errorf("the member has %s", got)
	}
	const says = "g has asked for redis 6.2, which is not installed here: redis 7.3.1 serves it"
	if all := messages(t, s, types.SourceTypeReplicationGroup, "g"); !strings.Contains(strings.Join(all, "\n"), says) {
		t.Errorf("events: %q", all)
	}
	for _, command := range [][]string{{"status"}, {"list"}, {"describe", "g"}} {
		if out, err := s.Aikagi(command...); err != nil || !strings.Contains(out, "6.2, served by redis 7.3.1") {
			t.Errorf("%s: %v\n%s", command[0], err, out)
		}
	}
	out, _ := s.Aikagi(append([]string{"doctor"}, args...)...)
	for _, want := range []string{
		"redis 6.2, served by redis 7.3.1", "redis-server-7.3.0 is not used: it is another build of redis 7.3.1", "redis-server-old is not used",
		"use 7.0 or newer", "g has asked for redis 6.2, and is served by redis 7.3.1",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("doctor does not say %q:\n%s", want, out)
		}
	}

	s.Kill()
	s.Args = []string{"--engine-path", dir} // without the alias: what is there stays
	s.Start()
	if got := g.shownVersion(); got != "redis 6.2.6" {
		t.Errorf("without the alias the member has %s", got)
	}
	g.change(rotate, token1)
	s.Kill()
	for _, name := range []string{"redis-server-7.3", "redis-server-7.3.0"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	redisBuild(t, filepath.Join(dir, "redis-server"), "7.3.2")
	s.Start()
	harness.Await(t, harness.Patience, "the next patch", func() (bool, error) {
		out, err := s.Aikagi("status", "g")
		return strings.Contains(out, "6.2, served by redis 7.3.2"), err
	})
	s.Kill()
	if err := os.Remove(filepath.Join(dir, "redis-server")); err != nil {
		t.Fatal(err)
	}
	s.Args = nil
	s.Start()
	harness.Await(t, harness.Patience, "a word on the build", func() (bool, error) {
		out, err := s.Aikagi("status", "g")
		return strings.Contains(out, "redis 7.3.2, which g runs, is no longer installed"), err
	})
	g.checkAccess(none, token1) // what runs goes on
}
