package store

import (
	"encoding/json"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// A group that was stored before there were shards has one, with all that the group had.
func TestUpgradeGroup(t *testing.T) {
	t.Parallel()
	body, err := upgradeAll(1, []byte(`{"id":"g","port":6380,"status":"available","tokens":[{"added_at":"2026-01-02T03:04:05Z"}],
		"node_group":{"id":"0001","primary_endpoint":"127.80.0.1","reader_endpoint":"127.80.0.2","primary_id":"g-002",
			"nodes":[{"id":"g-001","uid":"1","address":"127.80.0.3"},{"id":"g-002","uid":"2"}],
			"failover":{"id":"f","from":"g-001","to":"g-002"},
			"taken":[{"address":"127.80.0.3","by":"somebody"}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	var g replication.Group
	if err := json.Unmarshal(body, &g); err != nil {
		t.Fatal(err)
	}
	if len(g.Shards) != 1 || g.ID != "g" || g.Status != cache.StatusAvailable || !g.Tokens.Passwordless() {
		t.Fatalf("%+v", g)
	}
	shard := g.Shards[0]
	got := []string{
		shard.ID, shard.PrimaryEndpoint.String(), shard.ReaderEndpoint.String(), shard.PrimaryID, shard.Nodes[0].UID, shard.Nodes[0].Address.String(),
		shard.Nodes[1].ID, shard.Failover.From, g.Taken[0].Address.String(), g.Taken[0].By.String(),
	}
	want := []string{"0001", "127.80.0.1:6380", "127.80.0.2:6380", "g-002", "1", "127.80.0.3:6380", "g-002", "g-001", "127.80.0.3:6380", "somebody"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for name, bad := range map[string]string{"no group": `{`, "no node group": `{"id":"g"}`} {
		if _, err := upgradeGroup(1, []byte(bad)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := upgradeGroup(Groups.Version, body); err == nil {
		t.Error("today's form is upgraded")
	}
}

// upgradeAll makes today's form of a body.
func upgradeAll(from int, body []byte) (_ []byte, err error) {
	for ; from < Groups.Version && err == nil; from++ {
		body, err = upgradeGroup(from, body)
	}
	return body, err
}

// Addresses are served at the group's port, as they were.
func TestUpgradeAddresses(t *testing.T) {
	t.Parallel()
	body, err := upgradeGroup(4, []byte(`{"id":"g","port":7001,"shards":[
		{"id":"0001","primary_endpoint":"127.80.0.1","nodes":[{"id":"a","address":"fd00::1"},{"id":"b"},{"id":"c","address":""}]},
		{"id":"0002","reader_endpoint":"127.80.0.2","nodes":[]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	var g replication.Group
	if err := json.Unmarshal(body, &g); err != nil {
		t.Fatal(err)
	}
	got := []string{
		g.Shards[0].PrimaryEndpoint.String(), g.Shards[0].ReaderEndpoint.String(), g.Shards[1].ReaderEndpoint.String(),
		g.Nodes()[0].Address.String(), g.Nodes()[1].Address.String(), g.Nodes()[2].Address.String(), g.AddressPlan.String(),
	}
	none := netip.AddrPort{}.String()
	if diff := cmp.Diff([]string{"127.80.0.1:7001", none, "127.80.0.2:7001", "[fd00::1]:7001", none, none, "loopback"}, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{`{"id":"g"}`, `{"port":1,"shards":{}}`, `{"port":1,"shards":[{"primary_endpoint":"here"}]}`, `{"port":1,"taken":[{"address":7}]}`} {
		if _, err := upgradeGroup(4, []byte(bad)); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

// Encryption in transit that was on is required.
func TestUpgradeTransit(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]cache.Transit{
		`{"id":"g","transit_encryption":true}`:  cache.TransitRequired,
		`{"id":"g","transit_encryption":false}`: cache.TransitNone,
		`{"id":"g"}`:                            cache.TransitNone,
	} {
		body, err := upgradeGroup(2, []byte(from))
		if err != nil {
			t.Fatal(err)
		}
		var g replication.Group
		if err := json.Unmarshal(body, &g); err != nil || g.Transit != want || g.ID != "g" {
			t.Errorf("%s becomes %s, %v", from, body, err)
		}
	}
	if _, err := upgradeGroup(2, []byte(`{"transit_encryption":"yes"}`)); err == nil {
		t.Error("no error")
	}
}

// A group that was stored before there were moves is not being moved.
func TestUpgradeMove(t *testing.T) {
	t.Parallel()
	body, err := upgradeGroup(5, []byte(`{"id":"g","address_plan":"host","shards":[{"id":"0001","primary_endpoint":"10.0.0.1:7000","nodes":[{"id":"a","address":"10.0.0.1:7001","link":"127.80.0.1:6379"}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	var g replication.Group
	if err := json.Unmarshal(body, &g); err != nil || g.Move != nil || len(g.Others()) != 0 || len(g.Addresses()) != 3 {
		t.Errorf("%+v, %v", g, err)
	}
}
