package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/aikagi/aikagi/integration/load"
)

// sentinelTrio is three bare engines with the TLS settings and the password of a
// group, and three sentinels that look after them.
type sentinelTrio struct {
	s         *session
	home      home
	setting   sentinelSetting
	password  string
	nodes     []*sentinelNode // the engines; the first begins as the primary
	sentinels []*sentinelNode
	asked     []*redis.SentinelClient
}

// sentinelNode is an engine or a sentinel.
type sentinelNode struct {
	dir     string
	port    uint16
	command *exec.Cmd
}

const (
	sentinelMaster = "bench" // what the sentinels know the primary as
	sentinelFile   = "engine.conf"
	sentinelQuorum = 2
	// sentinelWholeTimeout is longer than wholeTimeout: sentinels look every ten seconds.
	sentinelWholeTimeout = 2 * time.Minute
)

func (s *session) newSentinelTrio(setting sentinelSetting) (*sentinelTrio, error) {
	h, err := s.home()
	if err != nil {
		return nil, err
	}
	t := &sentinelTrio{s: s, home: h, setting: setting, password: rand.Text()}
	for i := range 3 {
		node, err := t.node(fmt.Sprintf("node-%d", i))
		if err != nil {
			return nil, err
		}
		t.nodes = append(t.nodes, node)
		if err := t.launch(node, t.nodes[0]); err != nil {
			return nil, err
		}
	}
	for i := range 3 {
		node, err := t.node(fmt.Sprintf("sentinel-%d", i))
		if err != nil {
			return nil, err
		}
		t.sentinels = append(t.sentinels, node)
		if err := t.launchSentinel(node); err != nil {
			return nil, err
		}
		client := redis.NewSentinelClient(&redis.Options{Addr: t.at(node), TLSConfig: h.tls})
		s.stage.Cleanup(func() { _ = client.Close() })
		t.asked = append(t.asked, client)
	}
	return t, nil
}

func (t *sentinelTrio) node(name string) (*sentinelNode, error) {
	port, err := freePort(t.home.address)
	if err != nil {
		return nil, err
	}
	n := &sentinelNode{dir: filepath.Join(t.home.dir, name), port: port}
	return n, os.Mkdir(n.dir, 0o700)
}

func (t *sentinelTrio) at(n *sentinelNode) string {
	return netip.AddrPortFrom(t.home.address, n.port).String()
}

// launch starts an engine with a fresh configuration: as a replica, unless it is the
// primary itself. A replica is in sync as soon as ours are.
func (t *sentinelTrio) launch(n, primary *sentinelNode) error {
	config := t.home.network(n.port) + fmt.Sprintf("tls-replication yes\nrequirepass %s\nmasterauth %s\nlogfile engine.log\n"+
		"repl-diskless-sync yes\nrepl-diskless-sync-delay 0\n%s", t.password, t.password, bareSettings())
	if n != primary {
		config += fmt.Sprintf("replicaof %s %d\n", t.home.address, primary.port)
	}
	return t.start(n, config)
}

func (t *sentinelTrio) launchSentinel(n *sentinelNode) error {
	config := t.home.network(n.port) + fmt.Sprintf("tls-replication yes\nlogfile engine.log\nsentinel monitor %s %s %d %d\n",
		sentinelMaster, t.home.address, t.nodes[0].port, sentinelQuorum)
	for _, setting := range []string{
		"auth-pass " + sentinelMaster + " " + t.password,
		fmt.Sprintf("down-after-milliseconds %s %d", sentinelMaster, t.setting.downAfter.Milliseconds()),
		fmt.Sprintf("failover-timeout %s %d", sentinelMaster, t.setting.failoverTimeout.Milliseconds()),
	} {
		config += "sentinel " + setting + "\n"
	}
	return t.start(n, config, "--sentinel")
}

func (t *sentinelTrio) start(n *sentinelNode, config string, args ...string) error {
	if err := os.WriteFile(filepath.Join(n.dir, sentinelFile), []byte(config), 0o600); err != nil {
		return err
	}
	command, err := t.s.launch(n.dir, append([]string{sentinelFile}, args...)...)
	n.command = command
	return err
}

// current is the engine that a sentinel takes for the primary.
func (t *sentinelTrio) current(ctx context.Context, sentinel *redis.SentinelClient) (*sentinelNode, error) {
	at, err := sentinel.GetMasterAddrByName(ctx, sentinelMaster).Result()
	if err != nil {
		return nil, err
	}
	for _, n := range t.nodes {
		if strconv.Itoa(int(n.port)) == at[1] {
			return n, nil
		}
	}
	return nil, fmt.Errorf("a sentinel names %s", at)
}

func (t *sentinelTrio) ready(ctx context.Context) error { return t.whole(ctx) }

func (t *sentinelTrio) whole(ctx context.Context) error {
	return poll(ctx, 20*time.Millisecond, sentinelWholeTimeout, "sentinels to be content", func() error {
		var primary *sentinelNode
		for _, sentinel := range t.asked {
			named, err := t.content(ctx, sentinel)
			if err == nil && primary != nil && named != primary {
				err = errors.New("the sentinels name different primaries")
			}
			if err != nil {
				return err
			}
			primary = named
		}
		conn, err := connectTo(t.at(primary), t.password, t.home.tls)
		if err != nil {
			return err
		}
		defer conn.Close()
		online, err := replicasOnline(conn)
		if err == nil && online != len(t.nodes)-1 {
			err = fmt.Errorf("%d replicas are in sync", online)
		}
		return err
	})
}

// content returns the primary that a sentinel names, if the sentinel has nothing to
// complain about and knows everybody.
func (t *sentinelTrio) content(ctx context.Context, sentinel *redis.SentinelClient) (*sentinelNode, error) {
	primary, err := t.current(ctx, sentinel)
	if err != nil {
		return nil, err
	}
	state, err := sentinel.Master(ctx, sentinelMaster).Result()
	if err != nil {
		return nil, err
	}
	if state["flags"] != "master" || state["num-other-sentinels"] != "2" {
		return nil, fmt.Errorf("the primary is %s, with %s other sentinels", state["flags"], state["num-other-sentinels"])
	}
	replicas, err := sentinel.Replicas(ctx, sentinelMaster).Result()
	if err != nil {
		return nil, err
	}
	if len(replicas) != len(t.nodes)-1 {
		return nil, fmt.Errorf("%d replicas are known", len(replicas))
	}
	for _, replica := range replicas {
		// Whether it is in sync is asked of the primary: a sentinel looks every ten seconds.
		if replica["flags"] != "slave" {
			return nil, fmt.Errorf("a replica is %s", replica["flags"])
		}
	}
	return primary, nil
}

func (t *sentinelTrio) primary(ctx context.Context) (int, error) {
	node, err := t.current(ctx, t.asked[0])
	if err != nil {
		return 0, err
	}
	return node.command.Process.Pid, nil
}

func (t *sentinelTrio) connect(ctx context.Context) (*load.Conn, error) {
	node, err := t.current(ctx, t.asked[0])
	if err != nil {
		return nil, err
	}
	return connectTo(t.at(node), t.password, t.home.tls)
}

func (t *sentinelTrio) clients() []string { return []string{libraryClient} }

func (t *sentinelTrio) writer(string) writer {
	var sentinels []string
	for _, n := range t.sentinels {
		sentinels = append(sentinels, t.at(n))
	}
	return library{redis.NewFailoverClient(&redis.FailoverOptions{
		MasterName: sentinelMaster, SentinelAddrs: sentinels, Password: t.password, TLSConfig: t.home.tls,
		// Its documented default, which this client does not apply to TLS (v9.23, sentinel.go,
		// masterReplicaDialer): it would wait for the handshake of a hung primary without end.
		DialTimeout: 5 * time.Second,
	})}
}

// handOver asks until it is granted: a sentinel that has not looked at the replicas
// since the last change says no.
func (t *sentinelTrio) handOver(ctx context.Context) (time.Time, error) {
	before, err := t.current(ctx, t.asked[0])
	if err != nil {
		return time.Time{}, err
	}
	var began time.Time
	err = poll(ctx, 20*time.Millisecond, sentinelWholeTimeout, "hand over", func() error {
		began = time.Now()
		return t.asked[0].Failover(ctx, sentinelMaster).Err()
	})
	if err != nil {
		return began, err
	}
	return began, poll(ctx, 5*time.Millisecond, sentinelWholeTimeout, "hand over", func() error {
		after, err := t.current(ctx, t.asked[0])
		if err == nil && after == before {
			err = errors.New("the primary is the same")
		}
		return err
	})
}

// bury starts the lost engine as a replica of the new primary, when all sentinels
// know that one.
func (t *sentinelTrio) bury(ctx context.Context, pid int) error {
	var lost *sentinelNode
	for _, n := range t.nodes {
		if n.command.Process.Pid == pid {
			lost = n
		}
	}
	end(lost.command)
	var primary *sentinelNode
	err := poll(ctx, 20*time.Millisecond, sentinelWholeTimeout, "sentinels to name another primary", func() error {
		for _, sentinel := range t.asked {
			named, err := t.current(ctx, sentinel)
			if err == nil && named == lost {
				err = errors.New("it is the lost one")
			}
			if err != nil {
				return err
			}
			primary = named
		}
		return nil
	})
	if err != nil {
		return err
	}
	return t.launch(lost, primary)
}

// logs is what the sentinels wrote, for the error of a run that did not end.
func (t *sentinelTrio) logs() string {
	var all strings.Builder
	for _, n := range t.sentinels {
		text, _ := os.ReadFile(filepath.Join(n.dir, "engine.log"))
		fmt.Fprintf(&all, "%s:\n%s\n", filepath.Base(n.dir), text)
	}
	return all.String()
}
