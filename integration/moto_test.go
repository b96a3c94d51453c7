package integration

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/aikagi/aikagi/integration/harness"
)

// moto is an EC2 API, in a process of its own, with a client that changes what it has.
type moto struct {
	*harness.Python
	t   *testing.T
	url string
}

// startMoto skips the test where no Python has moto.
func startMoto(t *testing.T) *moto {
	t.Helper()
	m := &moto{t: t, Python: harness.StartPython(t, "testdata/moto_ec2.py", nil, "boto3", "moto.server")}
	var err error
	if m.url, err = m.Line(); err != nil {
		t.Fatalf("moto does not say where it answers: %v", err)
	}
	return m
}

// call makes a call of boto3's EC2 client, and returns a value of its answer, by the names on the way to it.
func (m *moto) call(name string, args map[string]any, way ...string) string {
	m.t.Helper()
	answer, err := m.Call(name, args)
	if err != nil {
		m.t.Fatal(err)
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
	return newWayAt(t, "127.0.0.1", to)
}

// newWayAt begins at an address of this machine.
func newWayAt(t *testing.T, address, to string) *way {
	t.Helper()
	w := &way{t: t, to: strings.TrimPrefix(to, "http://"), at: address + ":0"}
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
