package integration

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/integration/harness"
)

// ownSettings are those of somebody who uses AWS, too: keys, an endpoint and files of their own.
const ownSettings = `
mkdir -p .aws
printf '[default]\nregion = ap-northeast-1\nendpoint_url = http://127.0.0.1:9\n[profile prod]\nregion = eu-west-1\n' > .aws/config
printf '[default]\naws_access_key_id = MINE\naws_secret_access_key = mine\n' > .aws/credentials
export AWS_ACCESS_KEY_ID=OTHER AWS_SECRET_ACCESS_KEY=other AWS_ENDPOINT_URL=http://127.0.0.1:9
`

// sdk asks with boto3, as the AWS CLI does not: whoami, and where S3 would be asked.
const sdk = `/usr/bin/env python3 -c '
import boto3
print(boto3.client("sts").get_caller_identity()["Arn"])
print(len(boto3.client("elasticache").describe_replication_groups()["ReplicationGroups"]))
print(boto3.client("s3").meta.endpoint_url)
'`

// TestEnvIsAboutElastiCacheOnly: the exports win over all settings for ElastiCache and STS,
// leave other services where they were, and are taken back without a trace.
func TestEnvIsAboutElastiCacheOnly(t *testing.T) {
	t.Parallel()
	w := newShop(t, harness.Start(t))
	const arn = "arn:aws:iam::000000000000:user/aikagi\n"
	begin := "set -eu\n" + ownSettings + `eval "$(bin/aikagi env)"` + "\n"
	if out := w.must(begin + "aws sts get-caller-identity --query Arn --output text"); out != arn {
		t.Errorf("AWS CLI: %s", out)
	}
	if out := w.must(begin + `eval "$(bin/aikagi env)"; aws elasticache describe-replication-groups --query 'length(ReplicationGroups)'`); out != "0\n" {
		t.Errorf("AWS CLI, after a second time: %s", out)
	}
	if w.sh("/usr/bin/env python3 -c 'import boto3'").code == 0 {
		if out := w.must(begin + sdk); out != arn+"0\nhttp://127.0.0.1:9\n" {
			t.Errorf("boto3: %s", out)
		}
	}
	if out := w.must(begin + `aws configure get region --profile prod; aws configure list | grep ' region'; AWS_DEFAULT_REGION=eu-north-1 aws configure list | grep ' region'`); !inOrder(out, "eu-west-1", "us-east-1", "eu-north-1") {
		t.Errorf("regions of a profile of one's own, of ours, and of the environment: %s", out)
	}

	const mine = `(export -p; set) | grep -E 'AWS_|AIKAGI' | grep -vE '^(_|BASH_EXECUTION_STRING)=' | sort`
	before := w.must("set -eu\n" + ownSettings + mine)
	for what, script := range map[string]string{
		"once":  `eval "$(bin/aikagi env --unset)"` + "\n",
		"twice": `eval "$(bin/aikagi env --unset)"; eval "$(bin/aikagi env --unset)"` + "\n",
		"after a profile was chosen meanwhile, which is taken for ours": `export AWS_PROFILE=prod; eval "$(bin/aikagi env --unset)"` + "\n",
	} {
		if after := w.must(begin + script + mine); after != before {
			t.Errorf("taken back %s:\n%s\nwant\n%s", what, after, before)
		}
	}
	if out := w.must("set -eu\n" + ownSettings + `eval "$(bin/aikagi env --unset)"` + "\n" + mine); out != before {
		t.Errorf("taken back without need:\n%s\nwant\n%s", out, before)
	}

	printed := w.sh("bin/aikagi env")
	secret, err := os.ReadFile(filepath.Join(w.Dir, "credentials"))
	if err != nil {
		t.Fatal(err)
	}
	_, key, _ := strings.Cut(string(secret), "aws_secret_access_key = ")
	if strings.Contains(printed.out+printed.problems, strings.TrimSpace(key)) || !strings.Contains(printed.problems, `eval "$(bin/aikagi env --unset)"`) {
		t.Errorf("it prints a secret, or does not say how to undo it:\n%s%s", printed.out, printed.problems)
	}
	if info, err := os.Stat(filepath.Join(w.Dir, "aws-profile")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the profile's file: %v, %v", info, err)
	}
	if s, err := os.ReadFile(filepath.Join(w.dir, ".aws", "credentials")); err != nil || !strings.Contains(string(s), "MINE") {
		t.Errorf("the file of one's own is now %s (%v)", s, err)
	}

	w.Kill()
	if r := w.sh("bin/aikagi env"); r.code != 1 || r.out != "" || !strings.Contains(r.problems, "is not running") || strings.Count(r.problems, "\n") != 1 {
		t.Errorf("of a dead server: exit code %d\n%s%s", r.code, r.out, r.problems)
	}
}

// TestEnvOverHTTPS: the CA is a matter of the profile, and no other service gets it.
func TestEnvOverHTTPS(t *testing.T) {
	t.Parallel()
	w := newShop(t, harness.Start(t, "--listen", "0.0.0.0:0"))
	out := w.must("set -eu\n" + ownSettings + `export AWS_CA_BUNDLE=/etc/ssl/own.pem; eval "$(bin/aikagi env)"
aws sts get-caller-identity --query Account --output text; echo "${AWS_CA_BUNDLE-none}"; eval "$(bin/aikagi env --unset)"; echo $AWS_CA_BUNDLE`)
	if out != "000000000000\nnone\n/etc/ssl/own.pem\n" {
		t.Error(out)
	}
}

// inOrder reports whether text has all parts, one after the other.
func inOrder(text string, parts ...string) bool {
	for _, p := range parts {
		_, rest, found := strings.Cut(text, p)
		if !found {
			return false
		}
		text = rest
	}
	return true
}
