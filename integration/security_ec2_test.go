package integration

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

// ec2Credentials are any: moto looks at none.
var ec2Credentials = []string{"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_PROFILE="}

// Rules of an EC2 API hold, and go on holding while it does not answer, after a restart, and when a group is gone there.
func TestSecurityGroupsOfEC2(t *testing.T) {
	t.Parallel()
	ec2 := startMoto(t)
	for _, engine := range harness.Engines(t) {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			vpc := ec2.vpc("127.9.0.0/16")
			subnet := ec2.subnet(vpc, "127.9.0.0/24", "us-east-1c")
			web, workers := ec2.securityGroup(vpc, "web"), ec2.securityGroup(vpc, "workers")
			ec2.call("create_network_interface", map[string]any{"SubnetId": subnet, "PrivateIpAddress": inside, "Groups": []string{workers}})
			door := newWay(t, ec2.url)
			s := harness.New(t, "--ec2-endpoint", door.url(), "--ec2-refresh", "1s")
			s.Start(ec2Credentials...)
			g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{SecurityGroupIds: []string{web}, TransitEncryptionEnabled: aws.Bool(false)})
			g.checkAdmission(inside, false)

			fromWorkers := ingress(web, fromGroup(workers))
			ec2.call("authorize_security_group_ingress", fromWorkers)
			g.awaitAdmission(inside, true)
			g.checkAdmission(outside, false)
			guests := g.enter(inside)

			door.close()
			awaitList(t, s, "DOES NOT ANSWER since")
			ec2.call("revoke_security_group_ingress", fromWorkers)
			s.Kill()
			s.Start(ec2Credentials...)
			g.checkAdmission(inside, true)
			g.checkAdmission(outside, false)
			for _, w := range guests {
				w.pings()
			}
			door.build()
			g.awaitAdmission(inside, false)
			for _, w := range guests {
				w.wantEnd()
			}

			ec2.call("authorize_security_group_ingress", ingress(web, fromNetwork("127.8.0.0/16")))
			g.awaitAdmission(outside, true)
			ec2.call("delete_security_group", map[string]any{"GroupId": web})
			awaitMessage(t, s, "EC2 does not have security group "+web)
			g.checkAdmission(outside, true)
			g.checkAdmission(inside, false)
			awaitList(t, s, "GONE AT EC2 since")
		})
	}
}

// What EC2 has decides which groups and subnets there are.
func TestIdsOfEC2(t *testing.T) {
	t.Parallel()
	ec2 := startMoto(t)
	vpc, other := ec2.vpc("10.1.0.0/16"), ec2.vpc("10.2.0.0/16")
	subnet, far := ec2.subnet(vpc, "10.1.0.0/24", "us-east-1c"), ec2.subnet(other, "10.2.0.0/24", "us-east-1a")
	web, foreign := ec2.securityGroup(vpc, "web"), ec2.securityGroup(other, "foreign")
	door := newWay(t, ec2.url)
	s := harness.New(t, "--ec2-endpoint", door.url(), "--ec2-refresh", "1h")
	s.Start(ec2Credentials...)
	api := s.API()

	subnets := func(ids ...string) (*elasticache.CreateCacheSubnetGroupOutput, error) {
		return api.CreateCacheSubnetGroup(t.Context(), &elasticache.CreateCacheSubnetGroupInput{
			CacheSubnetGroupName: aws.String("private"), CacheSubnetGroupDescription: aws.String("d"), SubnetIds: ids,
		})
	}
	_, err := subnets(subnet, "subnet-0123456789abcdef0")
	checkRefusal(t, err, invalidValue, "Some input subnets in :["+subnet+", subnet-0123456789abcdef0] are invalid.")
	_, err = subnets(subnet, far)
	checkRefusal(t, err, "InvalidSubnet", "Subnets "+subnet+" and "+far+" are not in the same VPC.")
	made, err := subnets(subnet)
	if err != nil {
		t.Fatal(err)
	}
	if g := made.CacheSubnetGroup; aws.ToString(g.VpcId) != vpc || aws.ToString(g.Subnets[0].SubnetAvailabilityZone.Name) != "us-east-1c" {
		t.Errorf("the subnet group is in %s: %s", aws.ToString(g.VpcId), aws.ToString(g.Subnets[0].SubnetAvailabilityZone.Name))
	}

	create := func(ids ...string) error {
		_, err := api.CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
			ReplicationGroupId: aws.String("g"), ReplicationGroupDescription: aws.String("d"), CacheNodeType: aws.String("cache.t4g.micro"), Engine: &harness.Engines(t)[0],
			CacheSubnetGroupName: aws.String("private"), SecurityGroupIds: ids,
		})
		return err
	}
	checkRefusal(t, create(web, "sg-0123456789abcdef0"), invalidValue, "Some security groups in :[sg-0123456789abcdef0] do not exist")
	checkRefusal(t, create(foreign), "InvalidParameterCombination", "Subnet group [private] belongs to a different VPC ["+vpc+"] than ["+other+"]")
	if err := create(web); err != nil {
		t.Fatal(err)
	}
	s.AwaitStatus("g", "available")
	for what, args := range map[string][]string{
		"is one of EC2": {"allow", web, "10.0.0.0/8"}, "its rules are read from there": {"create", "x", "--id", foreign}, "changed there": {"delete", web},
	} {
		if out, err := s.Aikagi(append([]string{"security-group"}, args...)...); err == nil || !strings.Contains(out, what) {
			t.Errorf("security-group %v: %s, %v", args, out, err)
		}
	}

	door.close()
	_, err = api.ModifyReplicationGroup(t.Context(), &elasticache.ModifyReplicationGroupInput{ReplicationGroupId: aws.String("g"), SecurityGroupIds: []string{foreign, "sg-9"}},
		func(o *elasticache.Options) { o.RetryMaxAttempts = 1 })
	checkRefusal(t, err, "ServiceUnavailable", "Try again.")
}

// awaitList returns when the list of security groups says something.
func awaitList(t *testing.T, s *harness.Server, text string) {
	t.Helper()
	harness.Await(t, harness.Patience, "security-group list to say "+text, func() (bool, error) {
		out, err := s.Aikagi("security-group", "list")
		return strings.Contains(out, text), err
	})
}
