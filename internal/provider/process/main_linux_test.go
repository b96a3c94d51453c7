package process_test

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"go4.org/netipx"
	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/address"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
	"github.com/aikagi/aikagi/internal/provider/providertest"
)

// TestMain lets the test binary be the suite's program and a control plane that tests
// can kill.
func TestMain(m *testing.M) {
	providertest.RunProgram()
	if len(os.Args) == 5 && os.Args[1] == planeMarker {
		if err := runPlane(os.Args[2], os.Args[3], os.Args[4]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	// Orphans of the control planes that tests kill come to this process, for not every
	// machine's init process reaps.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	for {
		if pid, err := unix.Wait4(-1, nil, unix.WNOHANG, nil); pid <= 0 || err != nil {
			break
		}
	}
	os.Exit(code)
}

func TestConformance(t *testing.T) {
	t.Parallel()
	providertest.Exercise(t, providertest.Suite{
		Open: opener(process.Options{Programs: suiteProgram(ownProgram(t))}), Survives: true, Plans: []cache.AddressPlan{cache.PlanHost, cache.PlanPool}, Networks: networks, Room: true, Occupancy: true, Activity: true,
	})
}

// The same with nodes that run as users of their own.
func TestConformanceWithUsers(t *testing.T) {
	t.Parallel()
	program := publicProgram(t)
	if err := process.CheckUsers(t.Context()); err != nil {
		t.Skipf("nodes cannot run as other users here: %v", err)
	}
	providertest.Exercise(t, providertest.Suite{
		Open: opener(process.Options{OwnUsers: true, Programs: suiteProgram(program)}), Survives: true, Plans: []cache.AddressPlan{cache.PlanHost, cache.PlanPool}, Networks: networks,
		Room: true, Occupancy: true, Activity: true,
	})
}

// networks: places of each plan that other machines reach can be of either family.
var networks = map[cache.AddressPlan][]cache.NetworkType{
	cache.PlanHost: {cache.NetworkIPv4, cache.NetworkIPv6},
	cache.PlanPool: {cache.NetworkIPv4, cache.NetworkIPv6},
}

func opener(options process.Options) func(*testing.T, string) provider.Provider {
	return func(t *testing.T, dir string) provider.Provider {
		addresses, err := address.NewRange(netip.MustParsePrefix("127.63.9.0/28"))
		if err != nil {
			t.Fatal(err)
		}
		options := options
		options.Dir, options.Addresses = dir, addresses
		ports := address.PortRange{First: 7000, Last: 7019}
		options.Ports = map[cache.NetworkType]*address.Ports{
			cache.NetworkIPv4: address.NewPorts([]netip.Addr{netip.MustParseAddr("127.63.10.1")}, ports),
			cache.NetworkIPv6: address.NewPorts([]netip.Addr{netip.IPv6Loopback()}, ports),
		}
		options.Pools = map[cache.NetworkType]*address.Pool{}
		for network, text := range map[cache.NetworkType]string{cache.NetworkIPv4: "10.63.9.16/28", cache.NetworkIPv6: "fd63:9::10/124"} {
			within, err := address.ParsePoolRange(text)
			if err != nil {
				t.Fatal(err)
			}
			options.Pools[network] = address.NewPool([]netipx.IPRange{within}, nil)
		}
		p, err := process.New(options)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
}

func suiteProgram(path string) map[cache.EngineVersion]string {
	return map[cache.EngineVersion]string{providertest.Engine: path}
}

func ownProgram(t *testing.T) string {
	t.Helper()
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return own
}

// publicProgram is a copy of the test binary that every user can execute.
func publicProgram(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "providertest-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	binary, err := os.ReadFile(ownProgram(t))
	program := filepath.Join(dir, "program")
	if err := errors.Join(err, os.Chmod(dir, 0o755), os.WriteFile(program, binary, 0o700), os.Chmod(program, 0o755)); err != nil {
		t.Fatal(err)
	}
	return program
}
