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

// argument is a change of one argument; without a value it is left out from then on.
type argument struct{ kind, name, value string }

// arguments are changed one after the other: all that Terraform changes in place, as far as aikagi has it.
func arguments() []argument {
	const (
		group      = "aws_elasticache_replication_group"
		cluster    = "aws_elasticache_cluster"
		parameters = "aws_elasticache_parameter_group"
		subnets    = "aws_elasticache_subnet_group"
	)
	return []argument{
		{subnets, "description", `"for the stack"`},
		{subnets, "subnet_ids", `["subnet-4e5f6071"]`},
		{subnets, "tags", `{ Stage = "prod" }`},
		{parameters, "tags", `{ Stage = "prod" }`},
		{parameters, "parameter", "{\n    name  = \"timeout\"\n    value = \"90\"\n  }"},
		{group, "description", `"orders"`},
		{group, "engine_version", `"7.1"`},
		{group, "parameter_group_name", `aws_elasticache_parameter_group.stack.name`},
		{parameters, "parameter", "{\n    name  = \"maxmemory-policy\"\n    value = \"allkeys-lru\"\n  }"},
		{parameters, "parameter", ""},
		{group, "node_type", `"cache.t4g.medium"`},
		{group, "node_type", `"cache.t4g.micro"`},
		{group, "num_cache_clusters", `3`},
		{group, "num_cache_clusters", `2`},
		{group, "maintenance_window", `"sun:05:00-sun:06:00"`},
		{group, "snapshot_window", `"03:00-04:00"`},
		{group, "auto_minor_version_upgrade", `false`},
		{group, "security_group_ids", `["sg-0a1b2c3d4e5f60718"]`},
		{group, "security_group_ids", `["sg-0a1b2c3d4e5f60718", "sg-1b2c3d4e5f6071829"]`},
		{group, "multi_az_enabled", `false`},
		{group, "automatic_failover_enabled", `false`},
		{group, "automatic_failover_enabled", `true`},
		{group, "multi_az_enabled", `true`},
		{group, "tags", `{ Stage = "prod" }`},
		{group, "tags", `{ Team = "orders" }`},
		{cluster, "node_type", `"cache.t4g.medium"`},
		{cluster, "parameter_group_name", `aws_elasticache_parameter_group.stack.name`},
		{cluster, "maintenance_window", `"mon:05:00-mon:06:00"`},
		{cluster, "snapshot_window", `"04:00-05:00"`},
		{cluster, "auto_minor_version_upgrade", `false`},
		{cluster, "security_group_ids", `["sg-0a1b2c3d4e5f60718"]`},
		{cluster, "tags", `{ Stage = "prod" }`},
	}
}

// secured are changes of several arguments that only go together: to TLS without a gap, to a token, and to another one.
func secured() []map[string]string {
	return []map[string]string{
		{"transit_encryption_enabled": `true`, "transit_encryption_mode": `"preferred"`},
		{"transit_encryption_mode": `"required"`},
		{"auth_token": `"first-token-0123456789"`, "auth_token_update_strategy": `"ROTATE"`},
		{"auth_token_update_strategy": `"SET"`},
		{"auth_token": `"second-token-0123456789"`, "auth_token_update_strategy": `"ROTATE"`},
		{"auth_token_update_strategy": `"SET"`},
	}
}

// TestEachArgumentByTerraform changes one argument after the other. Each time the plan is that one change, in place, and none is left after it.
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
	const group = "aws_elasticache_replication_group"
	change := func(what string, kind string, arguments map[string]string) {
		t.Logf("%s: %s", kind, what)
		for name, value := range arguments {
			all[kind][name] = value
			if value == "" {
				delete(all[kind], name)
			}
		}
		tf.Write("main.tf", all.String())
		tf.Apply(0, 1, 0)
		tf.WantDone()
		if t.Failed() {
			t.FailNow()
		}
	}
	for _, a := range arguments() {
		change(a.name+" "+a.value, a.kind, map[string]string{a.name: a.value})
	}
	for _, a := range secured() {
		change(strings.Join(slices.Sorted(maps.Keys(a)), ", "), group, a)
	}
	newest := newestVersion(t, s, "valkey")
	change("to Valkey", group, map[string]string{
		"engine": `"valkey"`, "engine_version": fmt.Sprintf("%q", *newest.EngineVersion), "parameter_group_name": fmt.Sprintf("%q", "default."+*newest.CacheParameterGroupFamily),
	})
	tf.Destroy()
}
