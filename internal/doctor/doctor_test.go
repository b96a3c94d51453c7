package doctor

import (
	"context"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/address"
	"github.com/aikagi/aikagi/internal/address/addresstest"
	"github.com/aikagi/aikagi/internal/fscrypt"
)

var made = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

// healthy is a machine on which nothing is wrong.
func healthy(t *testing.T) Input {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	system := Local()
	system.Files = fstest.MapFS{
		overcommitPath: {Data: []byte("1\n")},
		"proc/meminfo": {Data: []byte("MemTotal:       24000000 kB\nMemFree:        22000000 kB\n")},
		hugePagesPath:  {Data: []byte("always [madvise] never\n")},
	}
	system.LookPath = func(program string) (string, error) { return "/usr/bin/" + program, nil }
	system.Compilers = []string{"cc"}
	system.Listen = func(context.Context, netip.AddrPort) error { return nil }
	system.TrySeal = func(string) (bool, error) { return false, nil }
	system.FreeBytes = func(string) (uint64, error) { return 50 << 30, nil }
	system.FileLimit = func() (uint64, error) { return 1 << 20, nil }
	system.IsRoot = func() bool { return false }
	system.Now = func() time.Time { return made.Add(time.Hour) }
	return Input{
		Engines: []Engine{{Name: "valkey", Version: "9.1.1", Path: "/opt/valkey-server"}},
		Module:  func() (string, error) { return "/opt/module.so", nil },
		DataDir: dir, AddressRange: netip.MustParsePrefix("127.80.0.0/16"), Port: 6379, Processors: 8, Cgroup: "/sys/fs/cgroup/a.service",
		AuthorityNotBefore: made, AuthorityNotAfter: made.AddDate(10, 0, 0),
		System: system,
	}
}

// caches are one that is as it should be, and one that is not.
func caches(status, reason string) func(*Input) {
	return func(in *Input) {
		in.Caches = []Cache{{ID: "fine", Status: "available"}, {ID: "held", Status: status, Reason: reason}}
	}
}

var hostAddress = netip.MustParseAddr("10.9.0.7")

// host has the address plan host, and something else that is so.
func host(and func(*Input)) func(*Input) {
	return func(in *Input) {
		in.Host = &Host{Addresses: []netip.Addr{hostAddress}, Ports: address.PortRange{First: 40000, Last: 40999}}
		and(in)
	}
}

// Ports that the system was told to leave alone are no problem, nor are those that it does not give out.
func TestHealthyHost(t *testing.T) {
	t.Parallel()
	for _, fine := range []func(*Input){
		file(localPortsPath, "32768 39999\n"),
		func(in *Input) {
			file(localPortsPath, "32768 60999\n")(in)
			file(reservedPortsPath, "40000-40999\n")(in)
		},
	} {
		in := healthy(t)
		host(fine)(&in)
		in.Caches = []Cache{{ID: "g", Status: "available", Beyond: true}, {ID: "h", Status: "available"}}
		findings := Run(t.Context(), in)
		if Worst(findings) != OK {
			t.Errorf("findings %+v", findings)
		}
	}
}

func TestHealthyMachine(t *testing.T) {
	t.Parallel()
	findings := Run(t.Context(), healthy(t))
	if Worst(findings) != OK {
		t.Errorf("findings %+v", findings)
	}
	var checks []string
	for _, finding := range findings {
		checks = append(checks, finding.Check)
		if finding.Fix != "" {
			t.Errorf("a fix for what is fine: %+v", finding)
		}
	}
	want := []string{"engine", "engine versions", "known holes", "engine module", "user", "addresses", "address plan", "data directory", "free space", "unix socket", "encryption at rest",
		"processors", "node memory", "memory overcommit", "huge pages", "file limit", "clock", "caches", "exposure", "EC2 API"}
	if diff := cmp.Diff(want, checks); diff != "" {
		t.Errorf("checks (-want +got)\n%s", diff)
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		spoil   func(*Input)
		check   string
		level   Level
		message string // part of it
		fix     string // part of it
	}{
		{"no engine", func(in *Input) { in.Engines = nil }, "engine", Fail, "no node can be started", "apt-get install valkey-server"},
		{"engine with a hole", anEngine("valkey", "8.1.8", ""), "known holes", Warn, "has CVE-2026-56684", "use one of valkey 7.2.14"},
		{"package behind on updates", anEngine("redis", "7.0.15", "5:7.0.15-1~deb12u9"), "known holes", Warn, "has CVE-2026-81934", "--only-upgrade redis-server"},
		{"package that is not maintained", anEngine("valkey", "8.0.1", "8.0.1+dfsg1-1~bpo12+1"), "known holes", Warn, "has CVE-2025-49844", "no security updates"},
		{"package that is unknown", anEngine("redis", "7.0.15", "5:7.0.15-1ubuntu0.24.04.2"), "known holes", Warn, "may have CVE-2026-81934", "apt-get changelog redis-server | grep CVE-2026-81934"},
		{"nothing to build the module with", func(in *Input) {
			in.Module = func() (string, error) { return "", fs.ErrNotExist }
			in.System.LookPath = func(string) (string, error) { return "", fs.ErrNotExist }
		}, "engine module", Fail, "no C compiler", "apt-get install gcc"},
		{"no address range", func(in *Input) { in.AddressRange = netip.Prefix{} }, "addresses", Fail, "no address range", "--address-range"},
		{"not our addresses", func(in *Input) {
			in.AddressRange = netip.MustParsePrefix("10.9.0.0/24")
			in.System.Listen = func(context.Context, netip.AddrPort) error { return syscall.EADDRNOTAVAIL }
		}, "addresses", Fail, "10.9.0.1:6379 cannot be bound", "ip address add 10.9.0.0/24"},
		{"loopback of another system", func(in *Input) {
			in.System.Listen = func(context.Context, netip.AddrPort) error { return syscall.EADDRNOTAVAIL }
		}, "addresses", Fail, "127.80.0.1:6379 cannot be bound", "only Linux"},
		{"the port is taken on all addresses", func(in *Input) {
			in.System.Listen = func(context.Context, netip.AddrPort) error { return syscall.EADDRINUSE }
		}, "addresses", Fail, "none of the first addresses", "ss -ltnp"},
		{"one address is taken", func(in *Input) {
			in.System.Listen = func(_ context.Context, at netip.AddrPort) error {
				if at.Addr() == netip.MustParseAddr("127.80.0.3") {
					return syscall.EADDRINUSE
				}
				return nil
			}
		}, "addresses", Warn, "127.80.0.3:6379", "ss -ltnp"},
		{"host address of another machine", host(func(in *Input) {
			in.System.Listen = func(_ context.Context, at netip.AddrPort) error {
				if at.Addr() == hostAddress {
					return syscall.EADDRNOTAVAIL
				}
				return nil
			}
		}), "address plan", Fail, "10.9.0.7 cannot be bound", "--host-address"},
		{"host address that is not known", host(func(in *Input) { in.Host.Trouble = errors.New("there are two") }), "address plan", Fail, "there are two", "--host-address"},
		{"ports for outgoing connections", host(file(localPortsPath, "32768\t60999\n")), "address plan", Warn, "32768-60999", "ip_local_reserved_ports=40000-40999"},
		{"a cache in plaintext", func(in *Input) {
			in.Caches = []Cache{{ID: "open", Status: "available", Beyond: true, Exposure: "in plaintext"}}
		}, "exposure", Warn, "open: in plaintext", "aikagi status open"},
		{"a cache at an address that is gone", func(in *Input) {
			in.Caches = []Cache{{ID: "far", Status: "available", Beyond: true, LostAddress: "10.9.0.8"}}
		}, "exposure", Fail, "10.9.0.8", "ip address add 10.9.0.8"},
		{"data directory open to others", func(in *Input) { _ = os.Chmod(in.DataDir, 0o755) }, "data directory", Warn, "0755", "chmod 700"},
		{"data directory is a file", func(in *Input) {
			in.DataDir += "/file"
			_ = os.WriteFile(in.DataDir, nil, 0o600)
		}, "data directory", Fail, "not a directory", "--data-dir"},
		{"data directory cannot be written", func(in *Input) {
			in.System.TryWrite = func(string) error { return fs.ErrPermission }
		}, "data directory", Fail, "cannot be written", "chown"},
		{"data directory cannot be made", func(in *Input) {
			in.DataDir += "/below"
			in.System.TryWrite = func(string) error { return fs.ErrPermission }
		}, "data directory", Fail, "cannot be made", "install -d -m 700"},
		{"data directory cannot be looked at", func(in *Input) {
			in.System.Stat = func(string) (fs.FileInfo, error) { return nil, fs.ErrPermission }
		}, "data directory", Fail, "cannot be examined", "--data-dir"},
		{"little space", space(500 << 20), "free space", Warn, "500 MiB", "make room"},
		{"no space", space(50 << 20), "free space", Fail, "50 MiB", "make room"},
		{"space unknown", func(in *Input) {
			in.System.FreeBytes = func(string) (uint64, error) { return 0, errors.New("no answer") }
		}, "free space", Warn, "no answer", "df -h"},
		{"no sockets here", func(in *Input) {
			in.System.TrySocket = func(string) error { return syscall.EPERM }
		}, "unix socket", Fail, "no socket can be made", "local file system"},
		{"a file system that does not encrypt", func(in *Input) {
			in.System.TrySeal = func(string) (bool, error) { return false, fscrypt.ErrUnsupported }
		}, "encryption at rest", Warn, "AtRestEncryptionEnabled is refused", "tune2fs -O encrypt"},
		{"one that fails to", func(in *Input) {
			in.System.TrySeal = func(string) (bool, error) { return false, syscall.EDQUOT }
		}, "encryption at rest", Warn, "disk quota exceeded", "docs/encryption.md"},
		{"node types beyond the machine", func(in *Input) { in.NodeMemory = 300 << 30 }, "node memory", Warn, "may fill 300.0 GiB, and the machine has 22.9 GiB", "smaller node type"},
		{"no overcommit", file(overcommitPath, "0\n"), "memory overcommit", Warn, "vm.overcommit_memory is 0", "sysctl vm.overcommit_memory=1"},
		{"huge pages", file(hugePagesPath, "[always] madvise never\n"), "huge pages", Warn, "latency", "echo madvise"},
		{"root that cannot run engines as others", func(in *Input) {
			in.System.IsRoot = func() bool { return true }
			in.Users = errors.New("aikagi lacks CAP_SETUID")
		}, "user", Warn, "lacks CAP_SETUID", "user of its own"},
		{"engines of root", func(in *Input) {
			in.System.IsRoot = func() bool { return true }
			in.System.ReadDir = fstest.MapFS{
				"nodes/g-001.abc": {Mode: fs.ModeDir, Sys: &syscall.Stat_t{Uid: 0}},
				"nodes/g-002.def": {Mode: fs.ModeDir, Sys: &syscall.Stat_t{Uid: 1879048200}},
			}.ReadDir
			in.DataDir = ""
		}, "user", Warn, "1 of 2 nodes were started as root", "reboot-cache-cluster"},
		{"few files", limit(1024), "file limit", Warn, "1024 files", "LimitNOFILE"},
		{"hardly any files", limit(256), "file limit", Fail, "256 files", "LimitNOFILE"},
		{"enough files, but not for so many nodes", func(in *Input) { in.Nodes = 2000; limit(10_000)(in) }, "file limit", Warn, "10000 files", "LimitNOFILE"},
		{"an EC2 API that does not answer", func(in *Input) { in.EC2, in.EC2Fails = "http://ec2 DOES NOT ANSWER", true }, "EC2 API", Warn, "http://ec2 DOES NOT ANSWER", "credentials"},
		{"a cache that is held up", caches("modifying", "its address is taken"), "caches", Fail, "held is modifying: its address is taken", "aikagi status held"},
		{"a cache that knows what helps", func(in *Input) {
			in.Caches = []Cache{{ID: "held", Status: "available", Reason: "it is full", Fix: "make room"}}
		}, "caches", Warn, "held is available: it is full", "make room"},
		{"a cache that serves, but not as well as it could", caches("available", "the disk is full"), "caches", Warn, "held is available: the disk is full", "aikagi status held"},
		{"clock before the CA", clock(made.Add(-time.Minute)), "clock", Fail, "before the CA was made", "timedatectl"},
		{"clock of 1970", clock(time.Unix(0, 0)), "clock", Fail, "1970", "timedatectl"},
		{"CA near its end", clock(made.AddDate(10, 0, -10)), "clock", Warn, "the CA expires on 2036-11-01", "ca-key.pem"},
		{"CA after its end", clock(made.AddDate(10, 0, 1)), "clock", Fail, "the CA expires on 2036-11-01", "ca-key.pem"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := healthy(t)
			test.spoil(&in)
			findings := Run(t.Context(), in)
			if Worst(findings) != test.level {
				t.Errorf("the worst is %s, want %s", Worst(findings), test.level)
			}
			for _, finding := range findings {
				if finding.Check == test.check && finding.Level == test.level &&
					strings.Contains(finding.Message, test.message) && strings.Contains(finding.Fix, test.fix) {
					return
				}
			}
			t.Errorf("no such finding in %+v", findings)
		})
	}
}

func TestMissingSettingsAndDirectoryAreNoFault(t *testing.T) {
	t.Parallel()
	in := healthy(t)
	in.System.Files = fstest.MapFS{}
	in.DataDir = filepath.Join(in.DataDir, "a", "b")
	in.AuthorityNotBefore, in.AuthorityNotAfter = time.Time{}, time.Time{}
	in.Module = nil
	if findings := Run(t.Context(), in); Worst(findings) != OK {
		t.Errorf("findings %+v", findings)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if findings := Run(ctx, healthy(t)); len(findings) != 0 {
		t.Errorf("findings %+v", findings)
	}
}

// On the machine that the tests run on, whatever it is, the checks come to an end,
// say something, and leave nothing behind.
func TestThisMachine(t *testing.T) {
	t.Parallel()
	in := Input{
		DataDir: t.TempDir(), AddressRange: addresstest.Claim(t), Port: 16379, System: Local(),
		Engines: []Engine{{Name: "redis", Version: "7.0.15", Path: "/usr/bin/redis-server"}},
	}
	deep := filepath.Join(in.DataDir, strings.Repeat("d", 120))
	if err := os.Mkdir(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	in.DataDir = deep
	levels := map[string]Level{}
	for _, finding := range Run(t.Context(), in) {
		levels[finding.Check] = finding.Level
		if (finding.Level == OK) != (finding.Fix == "") || finding.Message == "" {
			t.Errorf("%+v", finding)
		}
	}
	for _, check := range []string{"addresses", "data directory", "unix socket"} {
		if levels[check] != OK {
			t.Errorf("%s is %q on a working machine", check, levels[check])
		}
	}
	left, err := os.ReadDir(deep)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func anEngine(name, version, debian string) func(*Input) {
	return func(in *Input) {
		in.Engines = []Engine{{Name: name, Version: version, Path: "/usr/bin/" + name + "-server", Package: debian}}
	}
}

func space(bytes uint64) func(*Input) {
	return func(in *Input) { in.System.FreeBytes = func(string) (uint64, error) { return bytes, nil } }
}

func limit(files uint64) func(*Input) {
	return func(in *Input) { in.System.FileLimit = func() (uint64, error) { return files, nil } }
}

func clock(now time.Time) func(*Input) {
	return func(in *Input) { in.System.Now = func() time.Time { return now } }
}

func file(path, content string) func(*Input) {
	return func(in *Input) { in.System.Files.(fstest.MapFS)[path] = &fstest.MapFile{Data: []byte(content)} }
}
