package telemetry

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/usage"
	"github.com/aikagi/aikagi/internal/store"
)

// Timeout bounds one scrape. Prometheus gives up after ten seconds unless it is told otherwise.
const Timeout = 5 * time.Second

const (
	groupsAtOnce  = 8 // that are asked for usage
	scrapesAtOnce = 2
)

// Options are what the metrics are made from. Telemetry owns none of it.
type Options struct {
	Store    store.Store
	Usage    func(ctx context.Context, g *replication.Group) (usage.Group, error)
	Refusals func(ctx context.Context, g *replication.Group) usage.Refusals // nil: not told
	Room     func() (free uint64, full bool)                                // of the data directory, in bytes; nil: not told
	Logger   *slog.Logger
}

// Handler answers scrapes. It does not ask who scrapes.
func Handler(options Options) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(&collector{options})
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		MaxRequestsInFlight: scrapesAtOnce,
		ErrorLog:            slog.NewLogLogger(options.Logger.Handler(), slog.LevelWarn),
	})
}

type collector struct{ Options }

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("aikagi_"+name, help, labels, nil)
}

var (
	groups    = describe("groups", "Replication groups, and cache clusters on their own, by status.", "status")
	failovers = describe("failover_receipts", "Failovers of the last 90 days, by cause.", "cause")
	diskFree  = describe("disk_free_bytes", "Space that is free for the data directory; of its disks the one that has least.")
	diskFull  = describe("disk_full", "1 while a disk of the data directory is full: changes are refused.")
	behind    = describe("replica_behind", "1 for a replica that is too far behind to be read and serves no clients, 0 for the others.", "group", "node")
	skipped   = describe("usage_groups_skipped", "Groups whose use of credentials was not asked for, because the time of the scrape was over.")
	missing   = describe("usage_missing_nodes", "Nodes that could not be asked; the group's credential metrics are left out if there are any.", "group")

	standing        = describe("credential_info", "Credentials that are accepted: old (the next SET ends it), new, or current (the only one).", "group", "credential", "standing")
	added           = describe("credential_added_timestamp_seconds", "When an accepted credential was added.", "group", "credential")
	connections     = describe("credential_connections", "Open connections.", "group", "credential")
	authentications = describe("credential_authentications_total", "Logins that were accepted.", "group", "credential")
	refused         = describe("credential_refused_total", "Logins that were refused.", "group", "credential")
	lastUsed        = describe("credential_last_used_timestamp_seconds", "The last login, or the present while there are connections; absent if never.", "group", "credential")

	transports = describe("transit_connections", "Open connections of groups with TLS, by how they come: tls or plaintext.", "group", "transport")
	turnedAway = describe("connections_refused_total", "Connections that a node did not let in since it was started: rules (no security group lets the address in), mode (plaintext where TLS is required), "+
		"silence (nothing was said), clients (there were as many as there may be), queue (the engine was too busy), source (as many of its address as there may be, or as often).", "group", "node", "reason")
	letIn     = describe("connections_accepted_total", "Connections that a node let in at the addresses that it listens on, by how they come: tls or plaintext.", "group", "node", "transport")
	doors     = describe("gate_listeners", "Addresses that a node listens on for clients.", "group", "node")
	mute      = describe("gate_waiting_sockets", "Sockets that have said nothing yet, so that it is not known whether they speak TLS.", "group", "node")
	queue     = describe("gate_queue_most", "Sockets that were on their way from a node's listeners to its engine at a time, at most since its start; of each kind 512 can be.", "group", "node")
	plaintext = describe("plaintext_last_used_timestamp_seconds", "The last connection in plaintext, or the present while there are some; absent if there was none.", "group")
)

// Describe sends every metric that there can be.
func (c *collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		groups, failovers, behind, diskFree, diskFull, rotations, scheduleFailed, heldUp, skipped, missing, standing, added, connections, authentications, refused, lastUsed, transports, plaintext, turnedAway, letIn, doors, mute, queue,
	} {
		to <- d
	}
}

// Collect looks everything up.
func (c *collector) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), Timeout)
	defer cancel()
	c.collectRoom(to)
	var all []*replication.Group
	var receipts []replication.Failover
	err := c.Store.View(ctx, func(tx store.Tx) (err error) {
		if all, err = store.Page(tx, store.Groups, store.Range{}); err == nil {
			receipts, err = store.Read(tx, store.Failovers, store.EntryQuery{})
		}
		return err
	})
	if err != nil {
		c.Logger.Error("collect metrics", "error", err)
		to <- prometheus.NewInvalidMetric(groups, err)
		return
	}
	byStatus, byCause := map[string]int{string(cache.StatusAvailable): 0, string(cache.StatusModifying): 0}, map[string]int{}
	for _, g := range all {
		byStatus[string(g.Status)]++
	}
	for _, f := range receipts {
		byCause[string(f.Cause)]++
	}
	count(to, groups, byStatus)
	count(to, failovers, byCause)
	collectBehind(to, all)
	collectRotations(to, all)
	gauge(to, skipped, c.collectUsage(ctx, to, all))
}

func (c *collector) collectRoom(to chan<- prometheus.Metric) {
	if c.Room == nil {
		return
	}
	free, full := c.Room()
	gauge(to, diskFree, float64(free))
	value := 0.0
	if full {
		value = 1
	}
	gauge(to, diskFull, value)
}

func collectBehind(to chan<- prometheus.Metric, all []*replication.Group) {
	for _, g := range all {
		for _, node := range g.Nodes() {
			if g.IsPrimary(node.ID) {
				continue
			}
			value := 0.0
			if node.Behind() {
				value = 1
			}
			gauge(to, behind, value, g.ID, node.ID)
		}
	}
}

// collectUsage asks for the use of the groups that can have tokens, and whom any did not let in. It returns how many groups
// there was no time for.
func (c *collector) collectUsage(ctx context.Context, to chan<- prometheus.Metric, all []*replication.Group) float64 {
	work := make(chan *replication.Group)
	var late struct {
		sync.Mutex
		n int
	}
	var workers sync.WaitGroup
	for range groupsAtOnce {
		workers.Go(func() {
			for g := range work {
				if c.collectGroup(ctx, to, g) != nil { // the time is over
					late.Lock()
					late.n++
					late.Unlock()
				}
			}
		})
	}
	for _, g := range all {
		if g.Status != cache.StatusCreating && g.Status != cache.StatusDeleting {
			work <- g
		}
	}
	close(work)
	workers.Wait()
	return float64(late.n)
}

// collectGroup asks one group. The error is that ctx ended.
func (c *collector) collectGroup(ctx context.Context, to chan<- prometheus.Metric, g *replication.Group) error {
	if g.Transit.TLS() {
		known, err := c.Usage(ctx, g)
		if err != nil {
			return err
		}
		show(to, known)
	}
	if c.Refusals != nil {
		told := c.Refusals(ctx, g)
		for node, r := range told.ByNode {
			showRefusals(to, g.ID, node, r)
		}
		for node, gate := range told.Gates {
			showGate(to, g.ID, node, gate)
		}
	}
	return nil
}

func showRefusals(to chan<- prometheus.Metric, group, node string, r usage.Refused) {
	for reason, n := range map[string]int64{
		"rules": r.Rules, "mode": r.Mode, "silence": r.Silence, "clients": r.Clients, "queue": r.Queue, "source": r.Source,
	} {
		counter(to, turnedAway, float64(n), group, node, reason)
	}
}

func showGate(to chan<- prometheus.Metric, group, node string, g usage.Gate) {
	counter(to, letIn, float64(g.Plaintext), group, node, usage.Plaintext)
	counter(to, letIn, float64(g.TLS), group, node, usage.TLS)
	gauge(to, doors, float64(g.Listeners), group, node)
	gauge(to, mute, float64(g.Waiting), group, node)
	gauge(to, queue, float64(g.QueuedMost), group, node)
}

func showTransports(to chan<- prometheus.Metric, known usage.Group) {
	gauge(to, transports, float64(known.OverTLS), known.GroupID, usage.TLS)
	gauge(to, transports, float64(known.Plaintext.Connections), known.GroupID, usage.Plaintext)
	if !known.Plaintext.LastUsed.IsZero() {
		gauge(to, plaintext, seconds(known.Plaintext.LastUsed), known.GroupID)
	}
}

func show(to chan<- prometheus.Metric, known usage.Group) {
	gauge(to, missing, float64(len(known.Missing)), known.GroupID)
	if len(known.Missing) > 0 {
		return
	}
	if len(known.Gateless) == 0 {
		showTransports(to, known)
	}
	sums := map[string]*usage.Record{}
	for _, c := range known.Credentials {
		label := c.Credential
		if c.Standing.Held() {
			gauge(to, standing, 1, known.GroupID, label, string(c.Standing))
			gauge(to, added, seconds(c.AddedAt), known.GroupID, label)
		} else {
			label = string(c.Standing)
		}
		sum := sums[label]
		if sum == nil {
			sum = &usage.Record{}
			sums[label] = sum
		}
		sum.Connections += c.Connections
		sum.Authentications += c.Authentications
		sum.Refused += c.Refused
		if c.LastUsed.After(sum.LastUsed) {
			sum.LastUsed = c.LastUsed
		}
	}
	for label, sum := range sums {
		gauge(to, connections, float64(sum.Connections), known.GroupID, label)
		counter(to, authentications, float64(sum.Authentications), known.GroupID, label)
		counter(to, refused, float64(sum.Refused), known.GroupID, label)
		if !sum.LastUsed.IsZero() {
			gauge(to, lastUsed, seconds(sum.LastUsed), known.GroupID, label)
		}
	}
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

func count(to chan<- prometheus.Metric, what *prometheus.Desc, of map[string]int) {
	for label, n := range of {
		gauge(to, what, float64(n), label)
	}
}

func gauge(to chan<- prometheus.Metric, what *prometheus.Desc, value float64, labels ...string) {
	to <- prometheus.MustNewConstMetric(what, prometheus.GaugeValue, value, labels...)
}

func counter(to chan<- prometheus.Metric, what *prometheus.Desc, value float64, labels ...string) {
	to <- prometheus.MustNewConstMetric(what, prometheus.CounterValue, value, labels...)
}
