package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/aikagi/aikagi/internal/address"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/advisory"
	"github.com/aikagi/aikagi/internal/server"
	"github.com/aikagi/aikagi/web"
)

type serveCommand struct {
	dataDirFlag
	Listen        string   `help:"Address of the API. Beyond loopback it is HTTPS only." default:"${listen}" placeholder:"HOST:PORT"`
	AddressRange  string   `help:"Loopback range that nodes and endpoints get their addresses from." default:"${address_range}" placeholder:"CIDR"`
	AddressPlan   string   `help:"What new caches are reached at. loopback: a loopback address each, on this machine alone. host: an address of this machine and a port each, from other machines, too; pool: an address each of a range that is reserved for it, from other machines, too. A cache that other machines reach needs TransitEncryptionMode required, or the tag aikagi:allow-plaintext." enum:"loopback,host,pool" default:"loopback" placeholder:"loopback|host|pool"`
	HostAddress   []string `help:"With the plan host: an address of this machine that clients connect to. May be repeated, also with addresses of IPv4 and of IPv6, so that caches can have either (NetworkType). Default: the one towards the default route. With another plan for new caches, it lets caches be moved to the plan host (aikagi move)." placeholder:"ADDRESS"`
	PortRange     string   `help:"With the plan host: ports of nodes and endpoints." default:"${port_range}" placeholder:"FIRST-LAST"`
	PoolRange     []string `help:"With the plan pool: addresses that nothing else on the network uses, which aikagi adds to a network interface of this machine. May be repeated, also with ranges of IPv4 and of IPv6, so that caches can have either (NetworkType). It takes root or CAP_NET_ADMIN. With another plan for new caches, it lets caches be moved to the plan pool (aikagi move)." placeholder:"CIDR|FIRST-LAST"`
	PoolInterface string   `help:"With the plan pool: that network interface, for all ranges. Default: for each the one whose subnet has it." placeholder:"NAME"`
	Advertise     string   `help:"With the plan host: the name or address that clients on other machines call this one by, as in front of a container. Endpoints and certificates have it." placeholder:"NAME"`
	DNSListen     string   `name:"dns-listen" help:"Address of the built-in DNS server. Without it there is none, and endpoints are addresses." placeholder:"HOST:PORT"`
	DNSDomain     string   `name:"dns-domain" help:"Domain of its names." default:"${dns_domain}" placeholder:"NAME"`
	MetricsListen string   `help:"Address for Prometheus: GET /metrics, over plain HTTP and without authentication. Without it there are no metrics." placeholder:"HOST:PORT"`
	EnginePath    []string `help:"A redis-server or valkey-server, or a directory that contains some, also with a suffix (redis-server-7.2), in addition to those on the PATH. Of two builds of one version the first is used. May be repeated." placeholder:"PATH" type:"path"`
	engineAliasFlag
	EngineUser        string        `help:"Whom engines run as when aikagi runs as root. own: each node has a user id of its own, which no user of the machine has, so that no engine can read the master key or another node's data. same: aikagi's." enum:"own,same" default:"own" placeholder:"own|same"`
	NodeCgroups       string        `help:"Whether each node gets a control group (cgroup v2) of its own, by which nodes share the processors when there are too few: as the vCPUs of their node types are to each other. off: none does; auto: where the system lets aikagi, and the log says which; required: aikagi does not serve without." enum:"off,auto,required" default:"off" placeholder:"off|auto|required"`
	EngineModule      string        `help:"A prebuilt engine module (aikagi module build)." placeholder:"FILE" type:"path"`
	TLSCertificate    string        `help:"Certificate of the API, PEM. Default beyond loopback: one of the built-in CA." placeholder:"FILE" type:"path"`
	TLSKey            string        `help:"Key of that certificate, PEM." placeholder:"FILE" type:"path"`
	Dev               bool          `help:"Accept any credentials, or none. Loopback only."`
	NewCA             bool          `name:"new-ca" help:"Replace a lost built-in CA with a new one, or with the one that is there. Every client must then be given it."`
	OnStop            string        `help:"What the end of aikagi (SIGTERM, Ctrl-C) is for the engines. keep: they go on running. down: they save their data and stop, as with aikagi down; for containers, whose other processes end with aikagi." enum:"keep,down" default:"keep" placeholder:"keep|down"`
	SecurityGroups    string        `help:"What happens to a cache that names security groups which are not known here. accept: everybody may connect to it, and that is said. strict: it is refused. With --ec2-endpoint ids that it does not know either are refused in any case." enum:"accept,strict" default:"accept" placeholder:"accept|strict"`
	NodeMemory        string        `help:"How much memory the nodes of all caches may have together by their node types; a create or change that takes more is refused (InsufficientCacheClusterCapacity). machine: as much as this machine has. Without it node types are limits, for which nothing is set aside, and aikagi doctor tells when they add up to more than there is." placeholder:"SIZE|machine"`
	EC2Endpoint       string        `name:"ec2-endpoint" help:"EC2 API that security groups and subnets are read from: AWS's, LocalStack's or moto's. It is asked as the AWS SDKs' default chain says (AWS_PROFILE, AWS_ACCESS_KEY_ID, …). Without it there are aikagi's own security groups only." placeholder:"URL"`
	EC2Region         string        `name:"ec2-region" help:"Region that requests to it are signed for. Default: --region." placeholder:"REGION"`
	EC2Refresh        time.Duration `name:"ec2-refresh" help:"How often security groups are read from it, 1s to 1h." default:"${ec2_refresh}"`
	EncryptedDataDir  bool          `help:"The data directory is on an encrypted disk, so that groups with AtRestEncryptionEnabled need no encryption of their own."`
	KMSEndpoint       string        `name:"kms-endpoint" help:"Key management service with AWS's API, whose keys groups can name as KmsKeyId. It is asked as the AWS SDKs' default chain says (AWS_PROFILE, AWS_ACCESS_KEY_ID, …). Without it the master key wraps the keys of groups' files." placeholder:"URL"`
	KMSRegion         string        `name:"kms-region" help:"Region that requests to it are signed for. Default: --region." placeholder:"REGION"`
	HangTimeout       time.Duration `help:"How long a node that gets nothing done may take to answer before it counts as lost. A node that is visibly busy gets longer." default:"${hang_timeout}"`
	DeliveryFiles     []string      `help:"Directory below which guided rotations may write tokens into files, in addition to deliveries/ in the data directory. May be repeated." placeholder:"DIR" type:"path"`
	DeliveryCommands  []string      `help:"Directory whose programs guided rotations may run, as aikagi's user, to deliver tokens. May be repeated." placeholder:"DIR" type:"path"`
	DeliveryEndpoints []string      `help:"Secrets Manager endpoint, in addition to AWS's own, that guided rotations may deliver tokens to. May be repeated." placeholder:"URL"`
	ConsoleSession    time.Duration `help:"How long a sign-in to the console lasts, 1s to 168h." default:"${console_session}"`
	Region            string        `help:"Region in ARNs." default:"${region}"`
	Account           string        `help:"Account number in ARNs." default:"${account}"`
	LogLevel          string        `help:"What to log: debug, info, warn or error." enum:"debug,info,warn,error" default:"info"`
	LogFormat         string        `help:"How to log: text or json." enum:"text,json" default:"text"`
}

// Run serves until it is interrupted.
func (c *serveCommand) Run(ctx context.Context) error {
	options, err := c.options()
	if err != nil {
		return err
	}
	// Whatever aikagi and its engines write is for their user alone.
	syscall.Umask(0o077)
	s, err := server.New(ctx, options)
	if err != nil {
		return err
	}
	var dir *datadir.Dir // whoever serves next is to find no engine that is about to be stopped
	if c.OnStop == onStopDown {
		dir = s.KeepDir()
	}
	c.welcome(os.Stdout, s, isTerminal(os.Stdout))
	var warning sync.WaitGroup
	warning.Go(func() { warnOfHoles(ctx, os.Stderr, s.Engines()) }) // clients do not wait until the system's packages are looked at
	err = s.Run(ctx)
	warning.Wait()
	return errors.Join(err, c.afterwards(os.Stderr, dir))
}

// options reads the flags. The error says which of them is wrong.
func (c *serveCommand) options() (o server.Options, err error) {
	addresses, err := server.ParseRange(c.AddressRange)
	if err != nil {
		return o, err
	}
	plan, err := server.ParseAddressPlan(c.AddressPlan)
	if err != nil {
		return o, err
	}
	hosts, err := server.ParseHostAddresses(c.HostAddress)
	if err != nil {
		return o, err
	}
	ports, err := address.ParsePortRange(c.PortRange)
	if err != nil {
		return o, fmt.Errorf("--port-range: %w", err)
	}
	pools, err := server.ParsePoolRanges(c.PoolRange)
	if err != nil {
		return o, err
	}
	aliases, err := c.aliases()
	if err != nil {
		return o, err
	}
	memory, err := server.ParseNodeMemory(c.NodeMemory)
	if err != nil {
		return o, err
	}
	return server.Options{
		Listen: c.Listen, DataDir: c.path(), AddressRange: addresses,
		AddressPlan: plan, HostAddresses: hosts, PortRange: ports, PoolRanges: pools, PoolInterface: c.PoolInterface, Advertise: c.Advertise,
		DNSListen: c.DNSListen, DNSDomain: c.DNSDomain, MetricsListen: c.MetricsListen, EnginePaths: c.EnginePath, EngineAliases: aliases, EngineModule: c.EngineModule, EngineUser: server.EngineUser(c.EngineUser), NodeCgroups: server.NodeCgroups(c.NodeCgroups),
		TLSCertificate: c.TLSCertificate, TLSKey: c.TLSKey, Dev: c.Dev, NewAuthority: c.NewCA, StrictSecurity: c.SecurityGroups == "strict", NodeMemory: memory, EncryptedDir: c.EncryptedDataDir,
		EC2:    server.EC2{Endpoint: c.EC2Endpoint, Region: c.EC2Region, Refresh: c.EC2Refresh},
		KMS:    server.KMS{Endpoint: c.KMSEndpoint, Region: c.KMSRegion},
		Region: c.Region, Account: c.Account, HangTimeout: c.HangTimeout,
		ConsoleFiles: web.Dist(), ConsoleSession: c.ConsoleSession,
		DeliveryFiles: c.DeliveryFiles, DeliveryCommands: c.DeliveryCommands, DeliveryEndpoints: c.DeliveryEndpoints, Logger: c.logger(os.Stderr),
		Progress: func(what string) { fmt.Fprintln(os.Stderr, "aikagi:", what, "…") },
	}, nil
}

func (c *serveCommand) logger(to io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // one of the enum
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

// welcome tells how to go on. A link that signs in is for eyes: it must not come to lie in a
// journal or a file.
func (c *serveCommand) welcome(to io.Writer, s *server.Server, eyes bool) {
	var engines []string
	for _, o := range s.Versions().Offers() {
		engines = append(engines, o.String())
	}
	self, dir := quoteArg(os.Args[0]), quoteArg(c.path())
	names := ""
	if c.AddressPlan != cache.PlanLoopback.String() || len(c.HostAddress) > 0 || len(c.PoolRange) > 0 {
		names = fmt.Sprintf("caches:  %s\n", s.Plan())
	}
	if address, domain := s.DNS(); address != "" {
		names += fmt.Sprintf("DNS:     %s answers for %s\n", address, domain)
	}
	if url := s.MetricsURL(); url != "" {
		names += fmt.Sprintf("metrics: %s\n", url)
	}
	signIn := fmt.Sprintf("run %s console --data-dir %s for a sign-in link", self, dir)
	if eyes {
		signIn = s.ConsoleLink() + "\n         (signs in once, within 10 minutes; aikagi console makes another)"
	}
	fmt.Fprintf(to, `aikagi serves the ElastiCache API on %s
engines: %s
CA:      %s
%sconsole: %s

In another terminal:

  eval "$(%s env --data-dir %s)"
  aws elasticache create-replication-group --replication-group-id first \
      --replication-group-description "my first group" \
      --cache-node-type cache.t4g.micro --num-cache-clusters 3 --transit-encryption-enabled
  %s status --data-dir %s

`, s.URL(), strings.Join(engines, "; "), datadir.AuthorityPath(c.path()), names, signIn, self, dir, self, dir)
}

// warnOfHoles says plainly when an engine has known security holes.
func warnOfHoles(ctx context.Context, to io.Writer, engines []engine.Installed) {
	for _, e := range engines {
		var open []string
		for _, hole := range advisory.KnownHoles(string(e.Engine), e.Version, engine.PackageVersion(ctx, e.Path)) {
			if hole.Verdict == advisory.Open {
				open = append(open, hole.ID)
			}
		}
		if len(open) > 0 {
			fmt.Fprintf(to, "aikagi: %s has known security holes: %s; for details: aikagi doctor\n", e.EngineVersion, strings.Join(open, ", "))
		}
	}
}
