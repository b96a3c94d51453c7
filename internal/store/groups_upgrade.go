package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"

	"github.com/aikagi/aikagi/internal/cache"
)

// upgradeGroup makes the body of a group of one of an earlier version:
//
//	1  it had one shard, as node_group, which also had the addresses that other programs had taken
//	2  it has shards; encryption in transit was on or off
//	3  encryption in transit has a mode
//	4  it names security groups, that of version 3 has none; nodes and endpoints had addresses without ports, and were served at the group's
//	5  they have addresses with ports, and a group was never moved
//	6  it may be moved to another address plan, and has places by two then; it knows which rules its nodes enforce, and what it was
//	   advertised as, which one of version 5 finds out; another version may be asked for than the one that serves it, and be changed;
//	   its parameter group is a default one
//	7  that may be somebody's own; its nodes' files are not encrypted by aikagi
//	8  they may be; its network type is that of its addresses, which are of one family
//	9  it may have addresses of both; clients never log in as users
func upgradeGroup(from int, body []byte) ([]byte, error) {
	steps := map[int]func(map[string]json.RawMessage) error{1: upgradeShards, 2: upgradeTransit, 3: upgradeNothing, 4: upgradeAddresses, 5: upgradeNothing, 6: upgradeNothing, 7: upgradeNothing, 8: upgradeNothing, 9: upgradeNothing}
	upgrade := steps[from]
	if upgrade == nil {
		return nil, fmt.Errorf("no group has a body of version %d", from)
	}
	var group map[string]json.RawMessage
	if err := json.Unmarshal(body, &group); err != nil {
		return nil, fmt.Errorf("read group of version %d: %w", from, err)
	}
	if err := upgrade(group); err != nil {
		return nil, fmt.Errorf("upgrade group of version %d: %w", from, err)
	}
	return json.Marshal(group)
}

func upgradeShards(group map[string]json.RawMessage) error {
	var shard map[string]json.RawMessage
	if err := json.Unmarshal(group["node_group"], &shard); err != nil {
		return fmt.Errorf("read node group: %w", err)
	}
	if taken, ok := shard["taken"]; ok {
		group["taken"] = taken
		delete(shard, "taken")
	}
	shards, err := json.Marshal([]map[string]json.RawMessage{shard})
	if err != nil {
		return fmt.Errorf("write shards: %w", err)
	}
	group["shards"] = shards
	delete(group, "node_group")
	return nil
}

func upgradeNothing(map[string]json.RawMessage) error { return nil }

func upgradeTransit(group map[string]json.RawMessage) error {
	const key = "transit_encryption"
	var on bool
	if value, ok := group[key]; ok {
		if err := json.Unmarshal(value, &on); err != nil {
			return fmt.Errorf("read %s: %w", key, err)
		}
		delete(group, key)
	}
	if on {
		group["transit"] = json.RawMessage(`"` + cache.TransitRequired + `"`)
	}
	return nil
}

// upgradeAddresses adds the group's port to all addresses of the group.
func upgradeAddresses(group map[string]json.RawMessage) error {
	var port uint16
	if err := json.Unmarshal(group["port"], &port); err != nil {
		return fmt.Errorf("read port: %w", err)
	}
	add := func(of map[string]json.RawMessage, key string) error { return addPort(of, key, port) }
	if err := each(group, "taken", func(t map[string]json.RawMessage) error { return add(t, "address") }); err != nil {
		return err
	}
	return each(group, "shards", func(shard map[string]json.RawMessage) error {
		nodes := func(node map[string]json.RawMessage) error { return add(node, "address") }
		return errors.Join(add(shard, "primary_endpoint"), add(shard, "reader_endpoint"), each(shard, "nodes", nodes))
	})
}

// each changes the objects of a list, if there is one.
func each(of map[string]json.RawMessage, key string, change func(map[string]json.RawMessage) error) error {
	if of[key] == nil {
		return nil
	}
	var all []map[string]json.RawMessage
	if err := json.Unmarshal(of[key], &all); err != nil {
		return fmt.Errorf("read %s: %w", key, err)
	}
	for _, one := range all {
		if err := change(one); err != nil {
			return err
		}
	}
	changed, err := json.Marshal(all)
	of[key] = changed
	return err
}

func addPort(of map[string]json.RawMessage, key string, port uint16) error {
	if of[key] == nil {
		return nil
	}
	var address netip.Addr
	if err := json.Unmarshal(of[key], &address); err != nil {
		return fmt.Errorf("read %s: %w", key, err)
	}
	if !address.IsValid() {
		delete(of, key)
		return nil
	}
	at, err := json.Marshal(netip.AddrPortFrom(address, port))
	of[key] = at
	return err
}
