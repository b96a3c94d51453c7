package store

import (
	"encoding/json"
	"fmt"
)

// upgradeGroup makes the body of a group of one of an earlier version:
//
//	1  it had one shard, as node_group, which also had the addresses that other programs had taken
//	2  it has shards
func upgradeGroup(from int, body []byte) ([]byte, error) {
	if from != 1 {
		return nil, fmt.Errorf("no group has a body of version %d", from)
	}
	var group map[string]json.RawMessage
	if err := json.Unmarshal(body, &group); err != nil {
		return nil, fmt.Errorf("read group of version 1: %w", err)
	}
	var shard map[string]json.RawMessage
	if err := json.Unmarshal(group["node_group"], &shard); err != nil {
		return nil, fmt.Errorf("read node group of version 1: %w", err)
	}
	if taken, ok := shard["taken"]; ok {
		group["taken"] = taken
		delete(shard, "taken")
	}
	shards, err := json.Marshal([]map[string]json.RawMessage{shard})
	if err != nil {
		return nil, fmt.Errorf("write shards: %w", err)
	}
	group["shards"] = shards
	delete(group, "node_group")
	return json.Marshal(group)
}
