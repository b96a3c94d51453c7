package integration_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/integration/harness"
)

// resources are what a configuration has, by type, with their arguments as they are written.
type resources map[string]map[string]string

// stack is a typical one, as it is before anything is changed.
func stack() resources {
	return resources{
		"aws_elasticache_subnet_group": {"name": `"stack"`, "subnet_ids": `["subnet-0a1b2c3d", "subnet-4e5f6071"]`},
		"aws_elasticache_parameter_group": {
			"name": `"stack"`, "family": `"redis7"`, "parameter": `{
    name  = "timeout"
    value = "60"
  }`,
		},
		"aws_elasticache_replication_group": {
			"replication_group_id": `"stack"`, "description": `"stack"`, "engine": `"redis"`, "engine_version": `"7.0"`, "node_type": `"cache.t4g.small"`,
			"num_cache_clusters": `2`, "automatic_failover_enabled": `true`, "multi_az_enabled": `true`, "apply_immediately": `true`,
			"subnet_group_name": `aws_elasticache_subnet_group.stack.name`,
		},
		"aws_elasticache_cluster": {
			"cluster_id": `"lone"`, "engine": `"redis"`, "node_type": `"cache.t4g.small"`, "num_cache_nodes": `1`, "apply_immediately": `true`,
			"subnet_group_name": `aws_elasticache_subnet_group.stack.name`,
		},
	}
}

func (all resources) String() string {
	var text strings.Builder
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&text, "resource %q \"stack\" {\n", kind)
		for _, name := range slices.Sorted(maps.Keys(all[kind])) {
			equals := " ="
			if value := all[kind][name]; strings.HasPrefix(value, "{") && name != "tags" { // a block
				equals = ""
			}
			fmt.Fprintf(&text, "  %s%s %s\n", name, equals, all[kind][name])
		}
		text.WriteString("}\n")
	}
	return text.String()
}

// change is what is changed at a time: one argument, or some that only go together. One without a value is left out from then on.
type change struct {
	kind      string // of the resource
	arguments map[string]string
}

// replicationGroup is the kind of resource that most changes are of.
const replicationGroup = "aws_elasticache_replication_group"

// stackChanges come one after the other: all that Terraform changes in place, as far as aikagi has it. The way to TLS and a token begins with Redis 7.0.
func stackChanges() []change {
	const (
		group      = replicationGroup
		cluster    = "aws_elasticache_cluster"
		parameters = "aws_elasticache_parameter_group"
		subnets    = "aws_elasticache_subnet_group"
	)
	return []change{
		{subnets, map[string]string{"description": `"for the stack"`}},
		{subnets, map[string]string{"subnet_ids": `["subnet-4e5f6071"]`}},
		{subnets, map[string]string{"tags": `{ Stage = "prod" }`}},
		{parameters, map[string]string{"tags": `{ Stage = "prod" }`}},
		{parameters, map[string]string{"parameter": "{\n    name  = \"timeout\"\n    value = \"90\"\n  }"}},
		{group, map[string]string{"description": `"orders"`}},
		{group, map[string]string{"transit_encryption_enabled": `true`, "transit_encryption_mode": `"preferred"`}},
		{group, map[string]string{"transit_encryption_mode": `"required"`}},
		{group, map[string]string{"auth_token": `"first-token-0123456789"`, "auth_token_update_strategy": `"ROTATE"`}},
		{group, map[string]string{"auth_token_update_strategy": `"SET"`}},
		{group, map[string]string{"auth_token": `"second-token-0123456789"`, "auth_token_update_strategy": `"ROTATE"`}},
		{group, map[string]string{"auth_token_update_strategy": `"SET"`}},
		{group, map[string]string{"engine_version": `"7.1"`}},
		{group, map[string]string{"parameter_group_name": `aws_elasticache_parameter_group.stack.name`}},
		{parameters, map[string]string{"parameter": "{\n    name  = \"maxmemory-policy\"\n    value = \"allkeys-lru\"\n  }"}},
		{parameters, map[string]string{"parameter": ""}},
		{group, map[string]string{"node_type": `"cache.t4g.medium"`}},
		{group, map[string]string{"node_type": `"cache.t4g.micro"`}},
		{group, map[string]string{"num_cache_clusters": `3`}},
		{group, map[string]string{"num_cache_clusters": `2`}},
		{group, map[string]string{"maintenance_window": `"sun:05:00-sun:06:00"`}},
		{group, map[string]string{"snapshot_window": `"03:00-04:00"`}},
		{group, map[string]string{"auto_minor_version_upgrade": `false`}},
		{group, map[string]string{"security_group_ids": `["sg-0a1b2c3d4e5f60718"]`}},
		{group, map[string]string{"security_group_ids": `["sg-0a1b2c3d4e5f60718", "sg-1b2c3d4e5f6071829"]`}},
		{group, map[string]string{"multi_az_enabled": `false`}},
		{group, map[string]string{"automatic_failover_enabled": `false`}},
		{group, map[string]string{"automatic_failover_enabled": `true`}},
		{group, map[string]string{"multi_az_enabled": `true`}},
		{group, map[string]string{"tags": `{ Stage = "prod" }`}},
		{group, map[string]string{"tags": `{ Team = "orders" }`}},
		{cluster, map[string]string{"node_type": `"cache.t4g.medium"`}},
		{cluster, map[string]string{"parameter_group_name": `aws_elasticache_parameter_group.stack.name`}},
		{cluster, map[string]string{"maintenance_window": `"mon:05:00-mon:06:00"`}},
		{cluster, map[string]string{"snapshot_window": `"04:00-05:00"`}},
		{cluster, map[string]string{"auto_minor_version_upgrade": `false`}},
		{cluster, map[string]string{"security_group_ids": `["sg-0a1b2c3d4e5f60718"]`}},
		{cluster, map[string]string{"tags": `{ Stage = "prod" }`}},
	}
}

// TestEachArgumentByTerraform makes one change after the other. Each time the plan is that one change, in place, and none is left after it.
func TestEachArgumentByTerraform(t *testing.T) {
	t.Parallel()
	if os.Getenv("AIKAGI_ARGUMENTS") == "" {
		t.Skip("takes a quarter of an hour: make terraform-test")
	}
	terraform, err := harness.FindTerraform()
	if err != nil {
		t.Skipf("Terraform is not tried: %v", err)
	}
	s := harness.New(t)
	s.Start()
	tf, all := terraform.Begin(t, s), stack()
	tf.Write("main.tf", all.String())
	tf.Apply(len(all), 0, 0)
	tf.WantDone()
	for _, c := range append(stackChanges(), toValkey(t, s)) {
		t.Logf("%s: %v", c.kind, c.arguments)
		for name, value := range c.arguments {
			all[c.kind][name] = value
			if value == "" {
				delete(all[c.kind], name)
			}
		}
		tf.Write("main.tf", all.String())
		tf.Apply(0, 1, 0)
		tf.WantDone()
		if t.Failed() {
			t.FailNow()
		}
	}
	tf.Destroy()
}

// toValkey is an upgrade, with the parameters of the other engine.
func toValkey(t *testing.T, s *harness.Server) change {
	newest := newestVersion(t, s, "valkey")
	return change{replicationGroup, map[string]string{
		"engine": `"valkey"`, "engine_version": fmt.Sprintf("%q", *newest.EngineVersion), "parameter_group_name": fmt.Sprintf("%q", "default."+*newest.CacheParameterGroupFamily),
	}}
}
