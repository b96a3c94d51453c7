package gate

import (
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func at(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

func TestRender(t *testing.T) {
	t.Parallel()
	order := Order{
		Listeners: []Listener{
			{At: at("127.0.0.1:6379"), Mode: ModePreferred, Rules: "web"}, {At: at("[::1]:7000"), Mode: ModeRequired, Shared: true},
			{At: at("[::ffff:10.0.0.1]:6379"), Mode: ModeNone, Rules: "nobody"},
		},
		Rules:   map[string][]netip.Prefix{"web": {prefix("10.1.2.3/8"), prefix("fd00::/8")}, "nobody": nil},
		Service: prefix("127.1.0.0/16"), Clients: 10000, PerSource: PerSource{9, 8}, Silent: 100 * time.Microsecond, End: 2 * time.Second,
		Left: []netip.AddrPort{at("127.0.0.9:6379"), at("[::1]:7001")}, Watch: true,
	}
	const want = `allow web 10.0.0.0/8
allow web fd00::/8
listen 127.0.0.1 6379 preferred web
listen ::1 7000 required - shared
listen 10.0.0.1 6379 none nobody
service 127.1.0.0/16
watch
left 127.0.0.9 6379
left ::1 7001
clients 10000
source 9
rate 8
silent 1
end 2000
`
	for range 5 { // maps have no order
		if got, err := order.Render(); err != nil || got != want {
			t.Errorf("rendered, %v:\n%s", err, cmp.Diff(want, got))
		}
	}
	if got, err := (Order{}).Render(); got != "" || err != nil {
		t.Errorf("nothing is %q, %v", got, err)
	}
}

func TestRenderRefuses(t *testing.T) {
	t.Parallel()
	good := Listener{At: at("127.0.0.1:6379"), Mode: ModeNone}
	change := func(fn func(*Listener)) Order { l := good; fn(&l); return Order{Listeners: []Listener{l}} }
	for name, order := range map[string]Order{
		"port":           change(func(l *Listener) { l.At = at("127.0.0.1:0") }),
		"address":        change(func(l *Listener) { l.At = netip.AddrPort{} }),
		"zone":           change(func(l *Listener) { l.At = at("[fe80::1%eth0]:1") }),
		"mode":           change(func(l *Listener) { l.Mode = "tls" }),
		"rules":          change(func(l *Listener) { l.Rules = "web" }),
		"name":           {Rules: map[string][]netip.Prefix{"a b": nil}},
		"name of all":    {Rules: map[string][]netip.Prefix{"-": nil}},
		"line":           {Rules: map[string][]netip.Prefix{"a\nlisten": nil}},
		"network":        {Rules: map[string][]netip.Prefix{"web": {{}}}},
		"networks":       {Rules: map[string][]netip.Prefix{"web": make([]netip.Prefix, NetworksMax+1)}},
		"listeners":      {Listeners: make([]Listener, ListenersMax+1)},
		"places left":    {Left: make([]netip.AddrPort, LeftMax+1)},
		"clients":        {Clients: -1},
		"sources":        {PerSource: PerSource{Connections: -1}},
		"rates":          {PerSource: PerSource{Rate: -1}},
		"time":           {Silent: -time.Second},
		"time, too long": {End: 2 * time.Hour},
	} {
		if text, err := order.Render(); !errors.Is(err, ErrOrder) || text != "" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

const report = `gate 1 waiting=3 suspended=1 watch=1 source-limit=11 rate-limit=12 plaintext=4 tls=5 clients=8 queued-plaintext=1 queued-plaintext-most=7 queued-tls=2 queued-tls-most=9 refused-rules=1 refused-mode=2 refused-silence=3 refused-clients=4 refused-queue=5 refused-source=6
ended rules=6 mode=7 left=8 barred-clients=9 shut-out=10 leaving=4 leaving-clients=3
listener 127.96.98.18 port=46803 mode=required rules=- shared=0 plaintext=3 tls=1 refused-rules=0 refused-mode=1 refused-silence=0 refused-clients=0 refused-queue=0
listener ::1 port=7000 mode=none rules=web shared=1 plaintext=0 tls=0 refused-rules=0 refused-mode=0 refused-silence=0 refused-clients=0 refused-queue=0 more=7
refused 10.0.0.7 age=1500 rules=0 mode=1 silence=0 clients=0 queue=0
guest ::1 at=127.0.0.9 port=6379 open=2 opened=5 age=1500
of a later release=1
`

func TestParseReport(t *testing.T) {
	t.Parallel()
	got, err := ParseReport(report)
	if err != nil {
		t.Fatal(err)
	}
	want := Report{
		Waiting: 3, PerSource: PerSource{11, 12}, Limits: true, Watches: true, Watching: true, Suspended: true, Plaintext: 4, TLS: 5, Clients: 8, Queued: 3, QueuedMost: 16,
		Refused:      map[Why]uint64{ByRules: 1, ByMode: 2, BySilence: 3, ByClients: 4, ByQueue: 5, BySource: 6},
		EndedByRules: 6, EndedByMode: 7, EndsLeft: 8, BarredClients: 9, ShutOut: 10, Leaving: 3,
		Guests: []Guest{{From: netip.MustParseAddr("::1"), At: at("127.0.0.9:6379"), Open: 2, Opened: 5, Age: 1500 * time.Millisecond}},
		Listeners: []ListenerReport{
			{Listener: Listener{At: at("127.96.98.18:46803"), Mode: ModeRequired}, Plaintext: 3, TLS: 1, Refused: map[Why]uint64{ByMode: 1}},
			{Listener: Listener{At: at("[::1]:7000"), Mode: ModeNone, Rules: "web", Shared: true}},
		},
		Knocking: []Knocker{{From: netip.MustParseAddr("10.0.0.7"), Age: 1500 * time.Millisecond, Refused: map[Why]uint64{ByMode: 1}}},
	}
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b }), cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); d != "" {
		t.Error(d)
	}
	if open := got.Open(); len(open) != 2 || open[1] != at("[::1]:7000") {
		t.Errorf("open: %v", open)
	}
}

func TestParseReportRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":  "",
		"another":  "usage 1 now=3",
		"version":  strings.Replace(report, "gate 1", "gate 2", 1),
		"count":    strings.Replace(report, "waiting=3", "waiting=-3", 1),
		"no count": strings.Replace(report, "waiting=3 ", "", 1),
		"listener": strings.Replace(report, "listener ::1", "listener localhost", 1),
		"port":     strings.Replace(report, "port=7000", "port=", 1),
		"guest":    strings.Replace(report, "at=127.0.0.9", "at=here", 1),
		"knocker":  strings.Replace(report, "age=1500", "age=soon", 1),
	} {
		if r, err := ParseReport(text); !errors.Is(err, ErrReport) || r.Waiting != 0 {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

func FuzzParseReport(f *testing.F) {
	f.Add(report)
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := ParseReport(text); err == nil && (r.Waiting < 0 || r.Clients < 0 || len(r.Listeners) > len(text)) {
			t.Errorf("%+v", r)
		}
	})
}

// The engines that are installed can have a gate; a program that was linked statically cannot. What a script begins is not known.
func TestCheck(t *testing.T) {
	t.Parallel()
	engines := 0
	for _, name := range []string{"redis-server", "valkey-server"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Logf("%s is not installed", name)
			continue
		}
		engines++
		if err := Check(path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if engines == 0 {
		t.Error("no engine is installed")
	}
	dir := t.TempDir()
	static := filepath.Join(dir, "static")
	source := filepath.Join(dir, "main.go")
	if err := os.WriteFile(source, []byte("package main\nfunc main() {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", static, source)
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := Check(static); !errors.Is(err, ErrUngated) || !strings.Contains(err.Error(), "linked statically") {
		t.Errorf("a static program: %v", err)
	}
	script := filepath.Join(dir, "script")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nexec redis-server \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Check(script); err != nil {
		t.Errorf("a script: %v", err)
	}
	if err := Check(source); !errors.Is(err, ErrUngated) {
		t.Errorf("no program: %v", err)
	}
	if err := Check(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("none: %v", err)
	}
	if cat, err := exec.LookPath("cat"); err == nil {
		if err := Check(cat); !errors.Is(err, ErrUngated) || !strings.Contains(err.Error(), "does not open its listeners") {
			t.Errorf("cat: %v", err)
		}
	}
}
