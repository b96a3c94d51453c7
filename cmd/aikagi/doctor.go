package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"go4.org/netipx"

	"github.com/aikagi/aikagi/internal/address"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cgroup"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/doctor"
	"github.com/aikagi/aikagi/internal/elasticache/own"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/engine/module"
	"github.com/aikagi/aikagi/internal/nic"
	"github.com/aikagi/aikagi/internal/pki"
	"github.com/aikagi/aikagi/internal/server"
)

type doctorCommand struct {
	dataDirFlag
	outputFlag
	AddressRange  string   `help:"Loopback range that nodes get their addresses from." default:"${address_range}" placeholder:"CIDR"`
	AddressPlan   string   `help:"What new caches are to be reached at, as for aikagi serve." enum:"loopback,host,pool" default:"loopback" placeholder:"loopback|host|pool"`
	HostAddress   []string `help:"With the plan host: addresses of this machine, as for aikagi serve." placeholder:"ADDRESS"`
	PortRange     string   `help:"With the plan host: ports of nodes and endpoints." default:"${port_range}" placeholder:"FIRST-LAST"`
	PoolRange     []string `help:"With the plan pool: addresses that aikagi adds to a network interface, as for aikagi serve." placeholder:"CIDR|FIRST-LAST"`
	PoolInterface string   `help:"With the plan pool: that interface." placeholder:"NAME"`
	EnginePath    []string `help:"Where to look for engines, as for aikagi serve." placeholder:"PATH" type:"path"`
	engineAliasFlag
	Nodes int `help:"How many nodes this machine should be able to run." default:"10"`
}

// Run prints the findings, and fails if one of them is bad.
func (c *doctorCommand) Run(ctx context.Context) error {
	addresses, err := server.ParseRange(c.AddressRange)
	if err != nil {
		return err
	}
	aliases, err := c.aliases()
	if err != nil {
		return err
	}
	found, passed, err := engine.Survey(ctx, c.EnginePath)
	if err != nil {
		return err
	}
	input := doctor.Input{
		Engines: engines(ctx, found), Passed: passedOver(passed), Versions: cache.NewCatalogue(engine.Versions(found), aliases), Module: c.module, DataDir: c.path(), AddressRange: addresses,
		Port: 6379, Nodes: c.Nodes, Users: server.CheckEngineUsers(ctx, found), System: doctor.Local(),
	}
	input.Processors = runtime.GOMAXPROCS(0)
	input.Cgroup, input.NoCgroups = cgroup.Check()
	if input.Host, err = c.host(); err != nil {
		return err
	}
	if input.Pools, err = c.pools(ctx); err != nil {
		return err
	}
	c.ask(ctx, &input)
	input.AuthorityNotBefore, input.AuthorityNotAfter = pki.Validity(datadir.AuthorityPath(c.path()))
	findings := doctor.Run(ctx, input)
	if err := c.show(os.Stdout, findings, func(to io.Writer) error { return showFindings(to, findings) }); err != nil {
		return err
	}
	if doctor.Worst(findings) == doctor.Fail {
		return errors.New("some checks failed; see above")
	}
	return nil
}

// askTime is how long the control plane, if it runs, is waited for.
const askTime = 5 * time.Second

// ask fills in what a control plane knows; nothing if none answers.
func (c *doctorCommand) ask(ctx context.Context, input *doctor.Input) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	endpoint, err := datadir.Endpoint(c.path())
	if err != nil {
		return
	}
	api, err := client.New(endpoint, c.path())
	if err != nil {
		return
	}
	input.NodeMemory = nodeMemory(ctx, api)
	if ec2, err := api.EC2(ctx); err == nil && ec2 != nil {
		input.EC2 = describeEC2(*ec2, time.Now())
		input.EC2Fails = ec2.FailingSince != nil
	}
	groups, err := api.Groups(ctx)
	if err != nil {
		return
	}
	input.Caches = make([]doctor.Cache, len(groups))
	for i, g := range groups {
		input.Caches[i] = doctor.Cache{
			ID: g.ReplicationGroupId, Status: g.Status, Reason: g.StatusReason, Fix: fixOf(g.Nodes),
			Beyond: g.AddressPlan != cache.PlanLoopback.String() || g.Move != nil, Exposure: g.Exposure, LostAddress: lostAddress(g),
			Version: g.Engine + " " + g.EngineVersion, ServedBy: g.ServedBy,
		}
	}
}

// host is what the plan asks for; nil for that of loopback.
func (c *doctorCommand) host() (*doctor.Host, error) {
	plan, err := server.ParseAddressPlan(c.AddressPlan)
	if err != nil || plan != cache.PlanHost {
		return nil, err
	}
	host := &doctor.Host{}
	if host.Addresses, err = server.ParseHostAddresses(c.HostAddress); err != nil {
		return nil, err
	}
	if host.Ports, err = address.ParsePortRange(c.PortRange); err != nil {
		return nil, fmt.Errorf("--port-range: %w", err)
	}
	if len(host.Addresses) == 0 {
		uplink, _, err := address.Uplink()
		host.Addresses, host.Trouble = []netip.Addr{uplink}, err
	}
	return host, nil
}

// pools are what the plan asks for; none for other plans.
func (c *doctorCommand) pools(ctx context.Context) (pools []doctor.Pool, err error) {
	ranges, err := server.ParsePoolRanges(c.PoolRange)
	if err != nil || c.AddressPlan != cache.PlanPool.String() {
		return nil, err
	}
	if len(ranges) == 0 {
		return nil, errors.New("the address plan pool needs --pool-range, as for aikagi serve")
	}
	for _, within := range ranges {
		pools = append(pools, c.pool(ctx, within))
	}
	return pools, nil
}

func (c *doctorCommand) pool(ctx context.Context, within netipx.IPRange) doctor.Pool {
	pool := doctor.Pool{Range: within.String(), Trouble: nic.CheckRights()}
	where, err := nic.Find(within, c.PoolInterface)
	if pool.Interface, pool.Inside = where.Name, where.Inside; pool.Trouble == nil {
		pool.Trouble = err
	}
	if pool.Trouble == nil {
		pool.Users, pool.Trouble = nic.Look(ctx, within, where.Name)
	}
	return pool
}

// lostAddress is an address of a cache that this machine does not have; empty if it has all of them.
func lostAddress(g client.Group) string {
	if g.AddressPlan == cache.PlanLoopback.String() {
		return ""
	}
	for _, n := range g.Nodes {
		if at, err := netip.ParseAddr(n.Address); err == nil && !address.IsLocal(at) {
			return n.Address
		}
	}
	return ""
}

// fixOf says what to do, if one of the nodes tells.
func fixOf(nodes []own.AccessNode) string {
	for _, n := range nodes {
		switch {
		case n.Fault != nil:
			return n.Fault.Fix
		case n.Crowd != nil:
			return n.Crowd.Fix
		}
	}
	return ""
}

// nodeMemory is what all nodes may fill with data, in bytes; 0 if the control plane does not answer.
func nodeMemory(ctx context.Context, api *client.Client) uint64 {
	var sum uint64
	nodes := elasticache.NewDescribeCacheClustersPaginator(api.ElastiCache, &elasticache.DescribeCacheClustersInput{})
	for nodes.HasMorePages() {
		page, err := nodes.NextPage(ctx)
		if err != nil {
			return 0
		}
		for _, node := range page.CacheClusters {
			sum += uint64(cache.MaxMemory(aws.ToString(node.CacheNodeType)))
		}
	}
	return sum
}

func showFindings(to io.Writer, findings []doctor.Finding) error {
	table := newTable(to)
	for _, f := range findings {
		fmt.Fprintf(table, "%s\t%s\t%s\n", f.Level, f.Check, f.Message)
		if f.Fix != "" {
			fmt.Fprintf(table, "\t\t→ %s\n", f.Fix)
		}
	}
	return table.Flush()
}

// module is the engine module that was built beforehand.
func (c *doctorCommand) module() (string, error) {
	program, err := os.Executable()
	if err != nil {
		return "", err
	}
	if beside, err := module.Beside(program); err == nil {
		return beside, nil
	}
	built := filepath.Join(c.path(), "module", module.Name())
	return built, module.Verify(built)
}

func engines(ctx context.Context, found []engine.Installed) []doctor.Engine {
	var list []doctor.Engine
	for _, f := range found {
		list = append(list, doctor.Engine{Name: string(f.Engine), Version: f.Version, Path: f.Path, Package: engine.PackageVersion(ctx, f.Path)})
	}
	return list
}

func passedOver(programs []engine.Passed) []doctor.Passed {
	list := make([]doctor.Passed, len(programs))
	for i, p := range programs {
		list[i] = doctor.Passed(p)
	}
	return list
}
