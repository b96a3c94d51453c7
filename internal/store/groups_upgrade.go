package store

import (
	"encoding/json"
	"fmt"

	"github.com/aikagi/aikagi/internal/cache"
)

// upgradeGroup makes the body of a group of one of an earlier version:
//
//	1  it had one shard, as node_group, which also had the addresses that other programs had taken
//	2  it has shards; encryption in transit was on or off
//	3  encryption in transit has a mode
//	4  it names security groups; that of version 3 has none
func upgradeGroup(from int, body []byte) ([]byte, error) {
	steps := map[int]func(map[string]json.RawMessage) error{1: upgradeShards, 2: upgradeTransit, 3: upgradeNothing}
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
