package integration_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/integration/harness"
)

// configuration is written as for the original: a cache with all that it names.
const configuration = `
resource "aws_elasticache_subnet_group" "private" {
  name       = "private"
  subnet_ids = ["subnet-0a1b2c3d", "subnet-4e5f6071"]
  tags       = { Stage = "prod" }
}
resource "aws_elasticache_parameter_group" "sessions" {
  name        = "sessions"
  family      = "redis7"
  description = "for sessions"
  tags        = { Stage = "prod" }
  parameter {
    name  = "maxmemory-policy"
    value = "allkeys-lru"
  }
  parameter {
    name  = "timeout"
    value = "60"
  }
}
resource "aws_elasticache_replication_group" "orders" {
  replication_group_id = "orders"
  description          = "orders"
  engine               = "redis"
  engine_version       = "7.1"
  node_type            = "cache.t4g.micro"
  num_cache_clusters   = 2
  port                 = 6380
  parameter_group_name = aws_elasticache_parameter_group.sessions.name
  subnet_group_name    = aws_elasticache_subnet_group.private.name
  security_group_ids   = ["sg-0a1b2c3d4e5f60718"]
  apply_immediately    = true

  automatic_failover_enabled  = true
  multi_az_enabled            = true
  preferred_cache_cluster_azs = ["us-east-1a", "us-east-1b"]

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = "first-token-0123456789"

  maintenance_window         = "sun:05:00-sun:06:00"
  snapshot_window            = "03:00-04:00"
  auto_minor_version_upgrade = true
  tags                       = { Stage = "prod" }
}
`

// changes are of every resource: a list gets shorter, values of parameters change, one goes, one comes.
const changes = `
resource "aws_elasticache_subnet_group" "private" {
  description = "changed"
  subnet_ids  = ["subnet-4e5f6071"]
}
resource "aws_elasticache_parameter_group" "sessions" {
  parameter {
    name  = "timeout"
    value = "0"
  }
  parameter {
    name  = "notify-keyspace-events"
    value = "Ex"
  }
}
`

// upgrade takes the cache to another engine, with parameters of that.
const upgrade = `
resource "aws_elasticache_replication_group" "orders" {
  engine               = "valkey"
  engine_version       = "VERSION"
  parameter_group_name = "default.FAMILY"
}
`

// TestConfigurationByTerraform applies a configuration, changes of it, and an upgrade. What is applied is the change and nothing else, the
// plan after it is empty, and what was made goes in the right order. It has all in one: each command of Terraform takes ten seconds of
// processor time, whatever it does.
func TestConfigurationByTerraform(t *testing.T) {
	t.Parallel()
	terraform, err := harness.FindTerraform()
	if err != nil {
		t.Skipf("Terraform is not tried: %v", err)
	}
	if len(harness.Engines(t)) < 2 {
		t.Skip("takes redis and valkey")
	}
	s, _ := harness.StartEncrypting(t, nil)
	tf := terraform.Begin(t, s)
	tf.Write("main.tf", configuration)
	tf.Apply(3, 0, 0)
	tf.WantDone()
	awaitInSync(t, s, "sessions")
	wantSettings(t, s, 2, map[string]string{"timeout": "60", "maxmemory-policy": "allkeys-lru"})

	tf.Write("changes_override.tf", changes)
	tf.Apply(0, 2, 0)
	awaitInSync(t, s, "sessions")
	wantSettings(t, s, 2, map[string]string{"timeout": "0", "maxmemory-policy": "volatile-lru", "notify-keyspace-events": "xE"})

	newest := newestVersion(t, s, "valkey")
	tf.Write("upgrade_override.tf", strings.NewReplacer("VERSION", aws.ToString(newest.EngineVersion), "FAMILY", aws.ToString(newest.CacheParameterGroupFamily)).Replace(upgrade))
	tf.Apply(0, 1, 0)
	tf.WantDone()
	tf.Destroy()
}
