package integration

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

// Where clients of these tests come from. Nothing else is different about them.
const (
	inside  = "127.9.0.5"
	outside = "127.8.0.1"
)

// Security groups keep clients out by their address, at every endpoint and node, whatever happens to the nodes, and a change of rules
// holds at once.
func TestSecurityGroups(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		web := securityGroup(t, s, "web", "127.9.0.0/16")
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(3), AutomaticFailoverEnabled: aws.Bool(true), SecurityGroupIds: []string{web},
		})
		g.checkSecurityGroups(web)
		g.checkAdmission(inside, true)
		g.checkAdmission(outside, false)

		lasting := g.enter(inside)
		command(t, s, "security-group", "allow", web, outside, "--port", "6379")
		g.awaitAdmission(outside, true)
		guests := g.enter(outside)
		command(t, s, "security-group", "revoke", "web", outside, "--port", "6379")
		g.awaitAdmission(outside, false)
		for _, w := range guests {
			w.wantEnd()
		}
		awaitMessage(t, s, "Connections that the security groups no longer allow were closed: ")
		for _, w := range lasting {
			w.pings()
		}

		g.crash("g-003")
		g.AwaitStatus(g.id, "available")
		g.failover()
		s.Kill() // perhaps before all nodes have followed
		s.Start()
		g.awaitAdmission(inside, true)
		g.checkAdmission(outside, false)
		if refused := command(t, s, "refused", g.id); !strings.Contains(refused, outside) || strings.Contains(refused, inside) {
			t.Errorf("refused are\n%s", refused)
		}

		// The ids of a configuration that comes from elsewhere.
		g.setSecurityGroups("sg-0123456789abcdef0", web)
		g.checkSecurityGroups("sg-0123456789abcdef0", web)
		g.checkAdmission(outside, true)
		awaitMessage(t, s, "Nothing is known here of security groups sg-0123456789abcdef0")
		if status := command(t, s, "status", g.id); !strings.Contains(status, "sg-0123456789abcdef0 (NOT KNOWN HERE: everybody may connect)") {
			t.Errorf("status does not say that everybody may connect:\n%s", status)
		}
		command(t, s, "security-group", "create", "legacy", "--id", "sg-0123456789abcdef0")
		g.awaitAdmission(outside, false)
		g.checkAdmission(inside, true)
		if out, err := s.Aikagi("security-group", "delete", "legacy"); err == nil || !strings.Contains(out+err.Error(), "is in use by g") {
			t.Errorf("delete a security group that is in use: %s, %v", out, err)
		}
	})
}

// Where all security groups have to be known, a cache that names others is refused, and nothing is changed.
func TestStrictSecurityGroups(t *testing.T) {
	t.Parallel()
	s := harness.Start(t, "--security-groups", "strict")
	engine := harness.Engines(t)[0]
	web := securityGroup(t, s, "web", "127.9.0.0/16")
	g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{SecurityGroupIds: []string{web}})
	_, err := s.API().ModifyReplicationGroup(t.Context(), &elasticache.ModifyReplicationGroupInput{ReplicationGroupId: &g.id, SecurityGroupIds: []string{"sg-2", web}})
	checkRefusal(t, err, invalidValue, "Nothing is known here of security groups: sg-2.")
	_, err = s.API().CreateCacheCluster(t.Context(), &elasticache.CreateCacheClusterInput{
		CacheClusterId: aws.String("c"), CacheNodeType: aws.String("cache.t4g.micro"), Engine: aws.String("redis"), SecurityGroupIds: []string{"sg-2"},
	})
	checkRefusal(t, err, invalidValue, "Nothing is known here of security groups: sg-2.")
	g.checkSecurityGroups(web)
	g.checkAdmission(inside, true)
	g.checkAdmission(outside, false)
}

// securityGroup makes one that lets a network in.
func securityGroup(t *testing.T, s *harness.Server, name, source string) (id string) {
	t.Helper()
	id, _, _ = strings.Cut(command(t, s, "security-group", "create", name, "--allow", source), " ")
	return id
}

func (g *group) setSecurityGroups(ids ...string) {
	g.t.Helper()
	if _, err := g.API().ModifyReplicationGroup(g.t.Context(), &elasticache.ModifyReplicationGroupInput{ReplicationGroupId: &g.id, SecurityGroupIds: ids}); err != nil {
		g.t.Fatal(err)
	}
	g.AwaitStatus(g.id, "available")
}

// checkSecurityGroups compares what every cache cluster is shown with.
func (g *group) checkSecurityGroups(ids ...string) {
	g.t.Helper()
	out, err := g.API().DescribeCacheClusters(g.t.Context(), &elasticache.DescribeCacheClustersInput{})
	if err != nil {
		g.t.Fatal(err)
	}
	for _, c := range out.CacheClusters {
		var shown []string
		for _, s := range c.SecurityGroups {
			shown = append(shown, aws.ToString(s.SecurityGroupId))
			if aws.ToString(s.Status) != "active" {
				g.t.Errorf("%s of %s is %s", *s.SecurityGroupId, *c.CacheClusterId, *s.Status)
			}
		}
		if slices.Sort(ids); !slices.Equal(shown, ids) { // as they are shown
			g.t.Errorf("%s has the security groups %v, want %v", *c.CacheClusterId, shown, ids)
		}
	}
}

// enter connects to every address of the group from one of this machine's.
func (g *group) enter(from string) (all []*wire) {
	g.t.Helper()
	for _, address := range g.addresses() {
		w, err := tryDialFrom(g.t, from, address, g.ca)
		if err != nil {
			g.t.Fatal(err)
		}
		g.t.Cleanup(w.close)
		w.pings()
		all = append(all, w)
	}
	return all
}

// admits reports at how many addresses of the group who comes from there is let in, at how many not, and how many are not served just
// now, as the reader endpoint during a failover. Anything in between is an error.
func (g *group) admits(from string) (let, kept, closed int, err error) {
	for _, address := range g.addresses() {
		w, err := tryDialFrom(g.t, from, address, g.ca)
		if err == nil {
			var reply string
			reply, err = w.try("PING")
			w.close()
			if err == nil && reply != "PONG" {
				return let, kept, closed, fmt.Errorf("PING from %s at %s got %q", from, address, reply)
			}
		}
		switch {
		case err == nil:
			let++
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
			kept++
		case errors.Is(err, syscall.ECONNREFUSED):
			closed++
		default:
			return let, kept, closed, fmt.Errorf("from %s at %s: %w", from, address, err)
		}
	}
	return let, kept, closed, nil
}

func (g *group) checkAdmission(from string, let bool) {
	g.t.Helper()
	in, out, closed, err := g.admits(from)
	if err != nil || closed > 0 || let && out > 0 || !let && in > 0 {
		g.t.Errorf("%s is let in at %d addresses, kept out at %d, and %d are closed (%v)", from, in, out, closed, err)
	}
}

// awaitAdmission returns when every address lets somebody in, or none does.
func (g *group) awaitAdmission(from string, let bool) {
	g.t.Helper()
	harness.Await(g.t, harness.Patience, fmt.Sprintf("%s to be let in: %t", from, let), func() (bool, error) {
		in, out, closed, err := g.admits(from)
		return closed == 0 && (let && out == 0 || !let && in == 0), err
	})
}

// crash ends the process of a node.
func (g *group) crash(node string) {
	g.t.Helper()
	pid := g.process(node)
	if pid <= 0 {
		g.t.Fatalf("%s has no process", node)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		g.t.Fatal(err)
	}
	harness.Await(g.t, harness.Patience, node+" to be back", func() (bool, error) {
		now := g.process(node)
		return now > 0 && now != pid, nil
	})
}

// failover has a replica take the primary's place.
func (g *group) failover() {
	g.t.Helper()
	before := g.primaryNode()
	if _, err := g.API().TestFailover(g.t.Context(), &elasticache.TestFailoverInput{ReplicationGroupId: &g.id, NodeGroupId: aws.String("0001")}); err != nil {
		g.t.Fatal(err)
	}
	harness.Await(g.t, harness.Patience, "another primary", func() (bool, error) { return g.primaryNode() != before, nil })
	g.AwaitStatus(g.id, "available")
}

func (g *group) primaryNode() string {
	g.t.Helper()
	for _, m := range g.describe().NodeGroups[0].NodeGroupMembers {
		if aws.ToString(m.CurrentRole) == "primary" {
			return *m.CacheClusterId
		}
	}
	return ""
}

// awaitMessage returns when a node or a group has told of something.
func awaitMessage(t *testing.T, s *harness.Server, text string) {
	t.Helper()
	harness.Await(t, harness.Patience, "the event "+text, func() (bool, error) {
		all := append(messages(t, s, types.SourceTypeCacheCluster, ""), messages(t, s, types.SourceTypeReplicationGroup, "")...)
		return slices.ContainsFunc(all, func(m string) bool { return strings.HasPrefix(m, text) }), nil
	})
}

// pings is a command that a client who was let in gets an answer to.
func (w *wire) pings() {
	w.t.Helper()
	if reply := w.do("PING"); reply != "PONG" {
		w.t.Errorf("PING on %s got %q", w.conn.RemoteAddr(), reply)
	}
}

// wantEnd is that the other side has closed the connection.
func (w *wire) wantEnd() {
	w.t.Helper()
	if reply, err := w.try("PING"); err == nil {
		w.t.Errorf("the connection from %s to %s is not closed: %q", w.conn.LocalAddr(), w.conn.RemoteAddr(), reply)
	}
}

// command runs one that has to succeed, and returns what it prints.
func command(t *testing.T, s *harness.Server, args ...string) string {
	t.Helper()
	out, err := s.Aikagi(args...)
	if err != nil {
		t.Fatalf("aikagi %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// A tag limits what one address can have of each node, and nobody else's share.
func TestSourceLimits(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		limit := types.Tag{Key: aws.String("aikagi:source-connections"), Value: aws.String("2")}
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{Tags: []types.Tag{limit}})
		primary := g.primary()
		connect := func(from string) error {
			w, err := tryDialFrom(t, from, primary, g.ca)
			if err != nil {
				return err
			}
			t.Cleanup(w.close)
			_, err = w.try("PING")
			return err
		}
		for _, from := range []string{inside, inside, outside} {
			if err := connect(from); err != nil {
				t.Errorf("from %s: %v", from, err)
			}
		}
		if connect(inside) == nil {
			t.Errorf("%s has three connections", inside)
		}
		if _, err := s.API().RemoveTagsFromResource(t.Context(), &elasticache.RemoveTagsFromResourceInput{
			ResourceName: g.describe().ARN, TagKeys: []string{*limit.Key},
		}); err != nil {
			t.Fatal(err)
		}
		harness.Await(t, harness.Patience, "the limit to be gone", func() (bool, error) { return connect(inside) == nil, nil })
	})
}
