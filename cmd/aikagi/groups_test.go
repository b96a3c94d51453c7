package main

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// someGroups are a group with all that can be said of one, and a cluster that stands alone.
func someGroups() []client.Group {
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	return []client.Group{{
		Kind: client.KindReplicationGroup, ARN: "arn:aws:elasticache:us-east-1:000000000000:replicationgroup:shop", Description: "the shop's cache",
		Engine: "valkey", NodeType: "cache.t4g.micro", TransitEncryption: true, CreatedAt: &at,
		MaintenanceWindow: "sun:23:00-mon:00:00", ParameterGroup: "default.valkey8", Tags: map[string]string{"team": "web", "env": "prod"},
		Access: own.Access{
			AddressPlan:        "loopback",
			ReplicationGroupId: "shop", Status: "available", EngineVersion: "8.0.1", PasswordlessOpen: true, AutomaticFailover: true,
			PrimaryEndpoint: "127.80.0.1:6379", ReaderEndpoint: "127.80.0.2:6379",
			Credentials: []own.Credential{{Fingerprint: "NONE", AddedAt: at}, {Fingerprint: "6ceaac09e150", AddedAt: at}},
			Nodes: []own.AccessNode{
				{CacheClusterId: "shop-001", Role: "primary", Status: "available", Address: "127.80.0.3", Zone: "us-east-1a"},
				{CacheClusterId: "shop-002", Role: "replica", Status: "available", Address: "127.80.0.4", Zone: "us-east-1b"},
			},
		},
	}, {
		Kind: client.KindCacheCluster, Engine: "redis", NodeType: "cache.t4g.micro", CreatedAt: &at,
		Access: own.Access{
			AddressPlan:        "loopback",
			ReplicationGroupId: "alone", Status: "creating", EngineVersion: "7.0.15", SecurityGroups: []own.AccessSecurityGroup{},
			Credentials: []own.Credential{{Fingerprint: "NONE", AddedAt: at}}, Nodes: []own.AccessNode{{CacheClusterId: "alone", Role: "primary", Status: "creating"}},
		},
	}}
}

// TestShowGroups: what commands print of groups, to the letter.
func TestShowGroups(t *testing.T) {
	t.Parallel()
	groups := someGroups()
	for _, c := range []struct {
		name string
		show func(io.Writer) error
		want string
	}{
		{"list", func(to io.Writer) error { return showList(to, groups) }, `
GROUP  STATUS     ENGINE        NODE TYPE        NODES  TLS  ENDPOINT
shop   available  valkey 8.0.1  cache.t4g.micro  2      on   127.80.0.1:6379
alone  creating   redis 7.0.15  cache.t4g.micro  1      off  -
`},
		{"list of nothing", func(to io.Writer) error { return showList(to, nil) }, `
no groups; make one: aikagi create NAME
`},
		{"describe", func(to io.Writer) error { return showDescription(to, groups[0]) }, `
name                   shop
kind                   replication-group
description            the shop's cache
status                 available
engine                 valkey 8.0.1
node type              cache.t4g.micro
encryption in transit  on
encryption at rest     off
token                  token, PASSWORDLESS STILL OPEN
automatic failover     on
Multi-AZ               off
primary endpoint       127.80.0.1:6379
reader endpoint        127.80.0.2:6379
parameter group        default.valkey8
maintenance window     sun:23:00-mon:00:00
created                2026-05-04 21:00:00 JST
ARN                    arn:aws:elasticache:us-east-1:000000000000:replicationgroup:shop
tag env                prod
tag team               web

NODE      ROLE     STATUS     ADDRESS     ZONE
shop-001  primary  available  127.80.0.3  us-east-1a
shop-002  replica  available  127.80.0.4  us-east-1b
`},
		{"status", func(to io.Writer) error { return showAll(to, groups, time.Now()) }, `
GROUP  STATUS     ENGINE  NODES  ENDPOINT         ACCESS
shop   available  valkey  2      127.80.0.1:6379  token, PASSWORDLESS STILL OPEN
alone  creating   redis   1      -                no token (cache cluster)
`},
		{"maintenance", func(to io.Writer) error {
			opens := time.Date(2026, 5, 4, 13, 0, 0, 0, time.UTC)
			return showMaintenance(to, []own.Maintenance{
				{CacheId: "next", Status: "available", Window: "mon:13:00-mon:14:00", OpensAt: opens, Due: true, NodeType: "cache.t4g.medium", Engine: "valkey", EngineVersion: "8.0"},
				{CacheId: "now", Status: "available", Window: "mon:11:00-mon:13:00", OpensAt: opens.AddDate(0, 0, 7), Open: true},
			}, opens.Add(-90*time.Minute-time.Second))
		}, `
GROUP  STATUS     WINDOW (UTC)         OPENS     WAITS FOR IT
next   available  mon:13:00-mon:14:00  in 1h30m  valkey 8.0, node type cache.t4g.medium
now    available  mon:11:00-mon:13:00  OPEN NOW  nothing
`},
		{"yaml", func(to io.Writer) error { return outputFlag{"yaml"}.show(to, groups[1], nil) }, `
kind: cache-cluster
id: alone
status: creating
engine_version: 7.0.15
passwordless_open: false
automatic_failover: false
multi_az: false
address_plan: loopback
security_groups: []
credentials:
- fingerprint: NONE
  added_at: "2026-05-04T12:00:00Z"
nodes:
- cache_cluster_id: alone
  role: primary
  status: creating
  address: ""
  zone: ""
arn: ""
engine: redis
node_type: cache.t4g.micro
transit_encryption: false
at_rest_encryption: false
created_at: "2026-05-04T12:00:00Z"
`},
	} {
		var b strings.Builder
		if err := c.show(&b); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(strings.TrimPrefix(c.want, "\n"), b.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestEventsOfAGroup: nodes are the group's, groups whose names begin alike are not.
func TestEventsOfAGroup(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]bool{
		"shop": true, "shop-001": true, "shop-0001-002": true, "shopping": false, "shop-2": false, "shop-eu": false, "shop-eu-001": false, "other": false,
	} {
		if got := (client.Event{SourceID: source}).Of("Shop"); got != want {
			t.Errorf("%s: %t", source, got)
		}
	}
}

func TestNearestName(t *testing.T) {
	t.Parallel()
	names := []string{"shop", "sessions", "search"}
	for name, want := range map[string]string{
		"shpo": " Did you mean shop?", "session": " Did you mean sessions?", "unrelated": " To see all: aikagi list", "x": " To see all: aikagi list",
	} {
		if got := nearest(names, name); got != want {
			t.Errorf("%s:%s", name, got)
		}
	}
	if got := nearest(nil, "shop"); !strings.HasSuffix(got, "aikagi create shop") {
		t.Error(got)
	}
}
