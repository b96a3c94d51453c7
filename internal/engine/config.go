package engine

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine/gate"
	"github.com/aikagi/aikagi/internal/engine/module"
	"github.com/aikagi/aikagi/internal/engine/policy"
)

// Names of the files of a node's directory, which is the process's working
// directory: the configuration holds no path to it, and it may be moved while the
// node is down.
const (
	ConfigFile    = "engine.conf"
	AccessFile    = "users.acl"
	AuthorityFile = "tls/ca.pem"
	ModuleFile    = module.SettingsFile
	ModuleLink    = "engine-module.so" // to the engine module, or a copy of it
	SnapshotFile  = replication.SnapshotFile
)

// Own is the absolute path by which a node's process reaches a file of its own directory. Settings that the engines
// would make absolute need it: the process may not be allowed to walk the directory's real path.
func Own(file string) string { return "/proc/self/cwd/" + file }

// The two files that a node's certificate, with its key, is written to in turn: a
// renewal writes the one that is not in use and then switches the engine over, so
// that certificate and key never disagree and no crash can leave half a pair.
var CertificateFiles = [2]string{"tls/node-a.pem", "tls/node-b.pem"}

// OtherCertificateFile is the file that a renewal of the given one writes.
func OtherCertificateFile(current string) string {
	if current == CertificateFiles[0] {
		return CertificateFiles[1]
	}
	return CertificateFiles[0]
}

// How often a second a node looks after itself (the engines' hz). A node that is
// being set up ticks fast, because the engines notice the end of a replica's first
// copy at a tick only; one that is left alone ticks slowly, because a thousand idle
// nodes at the engines' default of 10 would take more than a core. While a client is connected to an idle node the
// engine module has it tick as a bare engine does, for time limits and expired keys are noticed at a tick.
const (
	TickBusy    = 50
	TickIdle    = 1
	TickClients = 10
)

// sanitize is the setting with which an engine checks all of a RESTORE, and not only its checksum, before it
// makes a key of it. With "yes" it would check its own snapshots and those of its primary, too, for which reading them
// took 40 to 120 % more processor time.
const (
	sanitize        = "sanitize-dump-payload"
	sanitizeClients = "clients"
)

// tlsReplication is the setting with which a node connects to its primary over TLS.
const tlsReplication = "tls-replication"

func yesOrNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// clientsMax are the connections that clients of a node can have at a time, as in the original, where the node can open as many files. An engine takes
// memory for each that it may have, 32 bytes and more, whether they come or not: it begins with places for clientsFirst.
const (
	clientsMax   = 65000
	clientsFirst = 10000
)

// ClientsFor is how many clients a node has places for that may open so many files.
//
// Source: CONFIG_MIN_RESERVED_FDS in the engines' server.h.
func ClientsFor(files uint64) int {
	const own = 32 + module.ReservedClients + gate.Files
	return max(0, int(min(files, clientsMax+own))-own)
}

// Settings are what a node's configuration file is rendered from.
type Settings struct {
	Address netip.AddrPort // where the service and the group's other nodes reach the node
	// ReplicateTLS: the node connects to its primary over TLS.
	ReplicateTLS bool
	Primary      netip.AddrPort // of the node to replicate; zero for a primary
	MaxMemory    int64          // bytes
	IOThreads    int            // see [IOThreads]; 0: one
	Parameters   []Setting      // of the parameter group; the engine must know all of them
	AdminFile    string         // name of the admin socket
	LogFile      string

	NodeUID  string
	GroupUID string
	Keyring  Keyring
}

// RenderConfig renders a node's configuration file, which holds secrets. It is a
// pure function of the settings.
func RenderConfig(s Settings) []byte {
	c := &config{}
	c.network(s)
	c.access(s)
	c.replication(s)
	c.persistence()
	c.behaviour(s)
	c.parameters(s)
	return []byte(c.String())
}

type config struct{ strings.Builder }

func (c *config) set(name string, values ...any) {
	c.WriteString(name)
	for _, v := range values {
		fmt.Fprintf(c, " %v", v)
	}
	c.WriteString("\n")
}

func (c *config) network(s Settings) {
	// No client gets in before the control plane has seen that the node is what it
	// should be: addresses are given to the gate at run time, see Admin.Listen.
	c.set("bind", gate.BindAddress)
	c.set("port", s.Address.Port())
	c.set("protected-mode", "no") // who may log in is the access file's business
	// Every node speaks both plaintext and TLS; its gate decides which of them comes in.
	c.set("tls-port", gate.TLSPort)
	c.set("tls-cert-file", CertificateFiles[0])
	c.set("tls-key-file", CertificateFiles[0])
	c.set("tls-ca-cert-file", AuthorityFile)
	c.set("tls-auth-clients", "no")
	c.set(tlsReplication, yesOrNo(s.ReplicateTLS))
	c.set("tls-protocols", `"TLSv1.2 TLSv1.3"`)
	c.set("unixsocket", s.AdminFile)
	c.set("unixsocketperm", 700)
	c.set("maxclients", clientsFirst+module.ReservedClients+gate.Files)
}

func (c *config) access(s Settings) {
	c.set("aclfile", AccessFile)
	for _, command := range policy.Renamed() {
		c.set("rename-command", command, s.Keyring.Command(s.NodeUID, command))
	}
	c.set(sanitize, sanitizeClients)
	// HELLO shows the module's path to every client, so it tells nothing of the machine.
	c.set("loadmodule", "./"+ModuleLink, ModuleFile)
}

// RenderModule renders the settings of a node's engine module, which hold a secret. All nodes have their
// addresses in network.
func RenderModule(keyring Keyring, nodeUID string, network netip.Prefix) ([]byte, error) {
	settings := module.Settings{
		ACLSecret: keyring.Command(nodeUID, aclCommand), InternalPrefix: InternalPrefix, ConfigName: keyring.Command(nodeUID, "CONFIG"),
		Network: network, Clients: clientsMax,
	}
	return settings.Render()
}

func (c *config) replication(s Settings) {
	c.set("masteruser", ReplicationUser)
	c.set("masterauth", s.Keyring.Replication(s.GroupUID).Reveal())
	c.set("replica-announce-ip", s.Address.Addr())
	c.set("replica-announce-port", s.Address.Port())
	// Its primary knows a link by that before the replica has said who it is.
	c.set("bind-source-addr", s.Address.Addr())
	// A replica is in sync within milliseconds; the engine's default waits five
	// seconds for other replicas to come along.
	c.set("repl-diskless-sync", "yes")
	c.set("repl-diskless-sync-delay", 0)
	if s.Primary.IsValid() {
		c.set("replicaof", s.Primary.Addr(), s.Primary.Port())
	}
}

func (c *config) persistence() {
	c.set("dir", ".")
	c.set("dbfilename", SnapshotFile)
	c.set("save", "3600 1 300 100 60 10000") // the engines' own default
	// A cache that cannot save goes on serving; the control plane reports it.
	c.set("stop-writes-on-bgsave-error", "no")
	c.set("shutdown-on-sigterm", "save")
}

func (c *config) behaviour(s Settings) {
	c.set("logfile", s.LogFile)
	c.set("proc-title-template", fmt.Sprintf(`"{title} %s {server-mode}"`, s.Address)) // what it binds to tells nothing
	c.set("daemonize", "no")
	c.set("hz", TickBusy)
	c.set("dynamic-hz", "yes") // with many clients the engine ticks faster by itself
	c.set("maxmemory", s.MaxMemory)
	c.set("io-threads", max(1, s.IOThreads))
}

// parameters are those of the parameter group. A value of several words is one of a setting that takes several.
func (c *config) parameters(s Settings) {
	for _, p := range s.Parameters {
		c.set(p.Name, cmp.Or(p.Value, `""`))
	}
}
