package integration

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// moto is an EC2 API, in a process of its own, with a client that changes what it has.
type moto struct {
	t     *testing.T
	url   string
	mu    sync.Mutex // one call at a time
	calls io.Writer
	lines *bufio.Scanner
}

// startMoto skips the test where no Python has moto.
func startMoto(t *testing.T) *moto {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import boto3, moto.server").Run() != nil {
			continue
		}
		command := exec.CommandContext(t.Context(), python, "testdata/moto_ec2.py")
		calls, err := command.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		answers, err := command.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			calls.Close()
			_ = command.Wait() // killed or not, it is over
		})
		m := &moto{t: t, calls: calls, lines: bufio.NewScanner(answers)}
		m.lines.Buffer(nil, 1<<20)
		if !m.lines.Scan() {
			t.Fatalf("moto does not say where it answers: %v", m.lines.Err())
		}
		m.url = m.lines.Text()
		return m
	}
	t.Skip("an EC2 API is not tried: no Python has moto and boto3 (pip install 'moto[ec2,server]' boto3)")
	return nil
}

// call makes a call of boto3's EC2 client, and returns a value of its answer, by the names on the way to it.
func (m *moto) call(name string, args map[string]any, way ...string) string {
	m.t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	line, err := json.Marshal(map[string]any{"call": name, "args": args})
	if err != nil {
		m.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(m.calls, "%s\n", line); err != nil {
		m.t.Fatal(err)
	}
	var answer map[string]any
	if !m.lines.Scan() {
		m.t.Fatalf("moto has ended: %v", m.lines.Err())
	}
	if err := json.Unmarshal(m.lines.Bytes(), &answer); err != nil {
		m.t.Fatal(err)
	}
	if problem, ok := answer["error"].(string); ok {
		m.t.Fatalf("%s: %s", name, problem)
	}
	for _, step := range way {
		switch next := answer[step].(type) {
		case map[string]any:
			answer = next
		case string:
			return next
		}
	}
	return ""
}

func (m *moto) vpc(network string) string {
	m.t.Helper()
	return m.call("create_vpc", map[string]any{"CidrBlock": network}, "Vpc", "VpcId")
}

func (m *moto) subnet(vpc, network, zone string) string {
	m.t.Helper()
	return m.call("create_subnet", map[string]any{"VpcId": vpc, "CidrBlock": network, "AvailabilityZone": zone}, "Subnet", "SubnetId")
}

func (m *moto) securityGroup(vpc, name string) string {
	m.t.Helper()
	return m.call("create_security_group", map[string]any{"VpcId": vpc, "GroupName": name, "Description": "d"}, "GroupId")
}

// ingress is a rule for the port of caches.
func ingress(group string, source map[string]any) map[string]any {
	rule := map[string]any{"IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379}
	for what, value := range source {
		rule[what] = value
	}
	return map[string]any{"GroupId": group, "IpPermissions": []any{rule}}
}

func fromNetwork(network string) map[string]any {
	return map[string]any{"IpRanges": []any{map[string]any{"CidrIp": network}}}
}

func fromGroup(id string) map[string]any {
	return map[string]any{"UserIdGroupPairs": []any{map[string]any{"GroupId": id}}}
}

// way leads to a server, and can be closed: then connections to it are refused, and those that there are end.
type way struct {
	t    *testing.T
	to   string
	at   string
	mu   sync.Mutex // guards the rest
	from net.Listener
	open map[net.Conn]struct{}
}

func newWay(t *testing.T, to string) *way {
	t.Helper()
	w := &way{t: t, to: strings.TrimPrefix(to, "http://"), at: "127.0.0.1:0"}
	w.build()
	t.Cleanup(w.close)
	return w
}

func (w *way) url() string { return "http://" + w.at }

func (w *way) build() {
	w.t.Helper()
	from, err := net.Listen("tcp", w.at)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.from, w.at, w.open = from, from.Addr().String(), map[net.Conn]struct{}{}
	go func() {
		for {
			conn, err := from.Accept()
			if err != nil {
				return
			}
			go w.lead(conn)
		}
	}()
}

func (w *way) lead(conn net.Conn) {
	defer conn.Close()
	to, err := net.Dial("tcp", w.to)
	if err != nil {
		return
	}
	defer to.Close()
	w.mu.Lock()
	if w.open == nil {
		w.mu.Unlock()
		return
	}
	w.open[conn] = struct{}{}
	w.mu.Unlock()
	go func() {
		_, _ = io.Copy(to, conn)
		to.Close()
	}()
	_, _ = io.Copy(conn, to)
}

func (w *way) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.from.Close()
	for conn := range w.open {
		conn.Close()
	}
	w.open = nil
}
