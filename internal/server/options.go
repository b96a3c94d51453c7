package server

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"go4.org/netipx"

	"github.com/aikagi/aikagi/internal/address"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/dns/hostname"
	"github.com/aikagi/aikagi/internal/health"
)

// Options are the settings of a control plane.
type Options struct {
	Listen       string // host:port
	DataDir      string
	AddressRange netip.Prefix // of the loopback addresses of nodes and endpoints
	// AddressPlan is that of new groups. For the plan host: addresses of this machine, empty for the one towards its default route,
	// and the ports that nodes and endpoints have there.
	AddressPlan    cache.AddressPlan
	HostAddresses  []netip.Addr
	PortRange      address.PortRange // zero: that of DefaultPortRange
	PoolRanges     []netipx.IPRange  // for the plan pool: where addresses are taken from
	PoolInterface  string            // and the network interface they are put on; empty: of each range the one whose subnet has it
	Advertise      string            // name or address that other machines call this one by; empty: its addresses
	DNSListen      string            // host:port; empty: no DNS server, and no names
	DNSDomain      string            // of the names; empty: DefaultDNSDomain
	MetricsListen  string            // host:port for Prometheus, without authentication; empty: none
	EnginePaths    []string          // programs, or directories of them, besides the PATH
	EngineAliases  []cache.Alias     // of versions that are not installed
	EngineUser     EngineUser        // whom engines run as; empty: EngineUserOwn
	NodeCgroups    NodeCgroups       // empty: NodeCgroupsOff
	EngineModule   string            // a module built before; empty: find or build one
	TLSCertificate string            // file; empty: from the built-in CA where TLS is needed
	TLSKey         string
	Dev            bool  // accept every caller; loopback only
	NewAuthority   bool  // take or make another CA than the one that clients were given
	StrictSecurity bool  // caches can only name security groups that are known here
	NodeMemory     int64 // bytes that the nodes of all caches may have together by their node types; 0: any amount
	EC2            EC2   // where security groups and subnets come from
	EncryptedDir   bool  // the operator vouches for an encrypted data directory
	KMS            KMS   // whose keys groups can name
	Region         string
	Account        string
	Workers        int // groups that are worked on at the same time

	// Where guided rotations may deliver tokens: below which directories files may be written,
	// besides the data directory's own for that, and programs run; and which endpoints of
	// Secrets Manager may be used besides AWS's own.
	DeliveryFiles, DeliveryCommands, DeliveryEndpoints []string

	// ConsoleFiles are the built page of the console; nil: it is not part of this build.
	ConsoleFiles fs.FS
	// ConsoleSession is how long a sign-in to the console lasts; 0: DefaultConsoleSession.
	ConsoleSession time.Duration

	// HangTimeout is how long a node that gets nothing done may take to answer before it
	// counts as lost; 0: DefaultHangTimeout.
	HangTimeout time.Duration

	Logger *slog.Logger
	// Progress is told, in words, what the start is doing when that may take longer
	// than a second. Nil: nobody.
	Progress func(string)
	Now      func() time.Time // nil: time.Now
}

// Defaults of the settings. The flags of the command line take theirs from here; of [Options], only those that say so do.
const (
	DefaultListen       = "127.0.0.1:4580"
	DefaultAddressRange = "127.80.0.0/16"
	DefaultPortRange    = "7000-7999"
	DefaultDNSDomain    = string(hostname.Default)
	DefaultRegion       = "us-east-1"
	DefaultAccount      = "000000000000"
	defaultWorkers      = 16

	DefaultConsoleSession = 12 * time.Hour
	DefaultHangTimeout    = health.DefaultTimeout
)

// A session that ends sooner cannot be worked in; one that goes on for longer is forgotten.
const (
	shortestConsoleSession = time.Second
	longestConsoleSession  = 7 * 24 * time.Hour
)

// A node that is given less is lost to every hiccup of the machine; one that is given
// more is better left to people.
const (
	shortestHang = 100 * time.Millisecond
	longestHang  = time.Minute
)

func (o *Options) fill() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.DNSDomain == "" {
		o.DNSDomain = DefaultDNSDomain
	}
	if o.PortRange == (address.PortRange{}) {
		o.PortRange, _ = address.ParsePortRange(DefaultPortRange)
	}
	if o.ConsoleSession == 0 {
		o.ConsoleSession = DefaultConsoleSession
	}
	o.EC2.fill(o.Region)
	o.KMS.fill(o.Region)
	if o.Workers == 0 {
		o.Workers = defaultWorkers
	}
}

// validate finds what must not be combined.
func (o *Options) validate() error {
	host, _, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return fmt.Errorf("listen address %q: want host:port", o.Listen)
	}
	if o.DNSListen != "" {
		if _, _, err := net.SplitHostPort(o.DNSListen); err != nil {
			return fmt.Errorf("DNS listen address %q: want host:port", o.DNSListen)
		}
	}
	if o.MetricsListen != "" {
		if _, _, err := net.SplitHostPort(o.MetricsListen); err != nil {
			return fmt.Errorf("metrics listen address %q: want host:port", o.MetricsListen)
		}
	}
	if (o.TLSCertificate == "") != (o.TLSKey == "") {
		return errors.New("a certificate and its key go together: give both --tls-certificate and --tls-key")
	}
	if o.HangTimeout != 0 && (o.HangTimeout < shortestHang || o.HangTimeout > longestHang) {
		return fmt.Errorf("--hang-timeout %s: want %s to %s", o.HangTimeout, shortestHang, longestHang)
	}
	if o.ConsoleSession < shortestConsoleSession || o.ConsoleSession > longestConsoleSession {
		return fmt.Errorf("--console-session %s: want %s to %s", o.ConsoleSession, shortestConsoleSession, longestConsoleSession)
	}
	if err := errors.Join(o.EC2.validate(), o.KMS.validate(), o.validatePlan(), o.validatePool()); err != nil {
		return err
	}
	if o.Dev && !isLoopback(host) {
		return fmt.Errorf("--dev lets everybody in, so it listens on loopback only; %s is not", o.Listen)
	}
	return nil
}

// isLoopback reports whether only this machine can reach a host.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}
