package engine

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine/gate"
	"github.com/aikagi/aikagi/internal/engine/module"
)

// Role is a node's part in replication, in the engines' words.
type Role string

// The roles.
const (
	RolePrimary Role = "master"
	RoleReplica Role = "slave"
)

// Info is what is read of a node's INFO.
type Info struct {
	Version    cache.EngineVersion
	Loading    bool // reading its snapshot; clients are told to wait
	Role       Role
	PrimaryAt  netip.AddrPort // of a replica: whom it replicates
	LinkUp     bool           // of a replica: connected and in sync
	Synced     bool           // of a replica: in sync now, or it was before the link went down
	LinkDown   int64          // of a replica: seconds since the link went down, if it was up once
	Offset     int64          // replication offset in bytes
	KeysLoaded int64          // keys read from the snapshot at the start
	UsedMemory int64          // bytes
	Clients    int64          // connections, with those of the service
	// ClientLimit is how many connections clients may have; the engine has more places, for the service.
	ClientLimit int64
	Uptime      int64 // seconds
	SaveFailed  bool  // the last snapshot in the background was not written
	// Replicas of a primary are those that it sends its writes to. One that has just copied all data may
	// say itself that its link is up before the primary knows that the copy is done.
	Replicas []ReplicaLag
}

// infoFields are the lines of an answer of INFO by their names.
type infoFields map[string]string

func parseInfoFields(text string) infoFields {
	fields := make(infoFields, 256) // engines have some 200
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			fields[name] = value
		}
	}
	return fields
}

func (f infoFields) number(name string) int64 {
	n, _ := strconv.ParseInt(f[name], 10, 64)
	return n
}

// version is what the process says that it is. Valkey calls itself a Redis of the version that it is like, too.
func (f infoFields) version() cache.EngineVersion {
	if v := f["valkey_version"]; v != "" {
		return cache.EngineVersion{Engine: cache.EngineValkey, Version: v}
	}
	if v := f["redis_version"]; v != "" {
		return cache.EngineVersion{Engine: cache.EngineRedis, Version: v}
	}
	return cache.EngineVersion{}
}

// Feeds reports whether a primary sends its writes to the replica at that address.
func (i Info) Feeds(replica netip.AddrPort) bool {
	return slices.ContainsFunc(i.Replicas, func(r ReplicaLag) bool { return r.Address == replica })
}

// clientLimit is what an engine's maxclients leaves to clients. Engines that earlier releases started have no gate, or
// keep no places for the service either.
func clientLimit(maxClients int64) int64 {
	switch maxClients {
	case clientsFirst, clientsFirst + module.ReservedClients:
		return clientsFirst
	}
	return max(0, maxClients-module.ReservedClients-gate.Files)
}

// Crowded reports whether clients have all the connections that they may have.
func (i Info) Crowded() bool { return i.ClientLimit > 0 && i.Clients >= i.ClientLimit }

// parseInfo reads the answer of INFO. Fields that an engine does not have stay zero.
func parseInfo(text string) Info { return parseInfoFields(text).info() }

func (f infoFields) info() Info {
	number := f.number
	info := Info{
		Version:     f.version(),
		Loading:     number("loading") != 0 || number("async_loading") != 0,
		Role:        Role(f["role"]),
		LinkUp:      f["master_link_status"] == "up" && number("master_sync_in_progress") == 0,
		Offset:      number("master_repl_offset"),
		KeysLoaded:  number("rdb_last_load_keys_loaded"),
		UsedMemory:  number("used_memory"),
		Clients:     number("connected_clients"),
		ClientLimit: clientLimit(number("maxclients")),
		Uptime:      number("uptime_in_seconds"),
		SaveFailed:  f["rdb_last_bgsave_status"] == "err",
	}
	for i := range f.number("connected_slaves") {
		if lag, ok := parseReplicaLag(f["slave"+strconv.FormatInt(i, 10)]); ok {
			info.Replicas = append(info.Replicas, lag)
		}
	}
	if info.Role == RoleReplica {
		info.Offset = number("slave_repl_offset")
		// -1 as long as the replica has had no data from its primary: what it has then is
		// its own snapshot, of any age.
		_, down := f["master_link_down_since_seconds"]
		info.LinkDown = max(0, number("master_link_down_since_seconds"))
		info.Synced = info.LinkUp || down && number("master_link_down_since_seconds") >= 0
		if host, err := netip.ParseAddr(f["master_host"]); err == nil {
			info.PrimaryAt = netip.AddrPortFrom(host, uint16(number("master_port")))
		}
	}
	return info
}
