package integration

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/fscrypt/fscrypttest"
)

// restartMachine has the engines save, and the kernel forget all keys. The control plane is not started again.
func restartMachine(t *testing.T, s *harness.Server, fs *fscrypttest.FileSystem) {
	t.Helper()
	s.Stop()
	if out, err := s.Aikagi("down"); err != nil {
		t.Fatalf("down: %v: %s", err, out)
	}
	fs.Remount()
}

// secretValue is found wherever it lies in the clear.
const secretValue = "what a customer wants nobody to read from a disk that is thrown away"

// TestEncryptionAtRest looks for a value of a cache on the disk, and has the cache be there again after the machine's restart.
func TestEncryptionAtRest(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s, fs := harness.StartEncrypting(t, nil)
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
			NumCacheClusters: aws.Int32(2), AutomaticFailoverEnabled: aws.Bool(true), AtRestEncryptionEnabled: aws.Bool(true), AuthToken: aws.String(token1),
		})
		plain := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{ReplicationGroupId: aws.String("plain"), NumCacheClusters: aws.Int32(1)})
		if d := g.describe(); !aws.ToBool(d.AtRestEncryptionEnabled) || d.KmsKeyId != nil || aws.ToBool(plain.describe().AtRestEncryptionEnabled) {
			t.Errorf("encrypted: %t with %v; plain: %t", aws.ToBool(d.AtRestEncryptionEnabled), d.KmsKeyId, aws.ToBool(plain.describe().AtRestEncryptionEnabled))
		}
		g.set(token1, secretValue+engine)
		plain.set(none, "what is not encrypted"+engine)

		// A node that crashes needs no key: the kernel has it. Nor does one that joins find another's.
		g.crash("g-002")
		g.AwaitStatus(g.id, "available")
		restartMachine(t, s, fs)
		content := fs.Content()
		if !bytes.Contains(content, []byte("what is not encrypted"+engine)) {
			t.Error("the plain cache's value is not found, so that nothing else is says nothing")
		}
		if n := bytes.Count(content, []byte(secretValue+engine)); n > 0 {
			t.Errorf("the disk has the encrypted cache's value %d times", n)
		}

		s.Start()
		g.AwaitStatus(g.id, "available")
		g.awaitValue(token1, secretValue+engine)
		if _, err := g.API().DeleteReplicationGroup(t.Context(), &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &g.id}); err != nil {
			t.Fatal(err)
		}
		g.AwaitStatus(g.id, "")
		if left, _ := filepath.Glob(filepath.Join(fs.Dir, "*g-00*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}

// TestEncryptionWithKMS has a KMS wrap the group's key: it is asked when the machine has restarted, and not before.
func TestEncryptionWithKMS(t *testing.T) {
	t.Parallel()
	service := startMoto(t)
	api := kms.New(kms.Options{BaseEndpoint: &service.url, Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
	made, err := api.CreateKey(t.Context(), &kms.CreateKeyInput{})
	if err != nil {
		t.Fatal(err)
	}
	arn := aws.ToString(made.KeyMetadata.Arn)
	for _, engine := range harness.Engines(t) {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			door := newWay(t, service.url)
			s, fs := harness.StartEncrypting(t, ec2Credentials, "--kms-endpoint", door.url())
			in := elasticache.CreateReplicationGroupInput{
				ReplicationGroupId: aws.String("refused"), ReplicationGroupDescription: aws.String("d"), Engine: &engine, CacheNodeType: aws.String("cache.t4g.micro"),
				NumCacheClusters: aws.Int32(1), KmsKeyId: aws.String("arn:aws:kms:us-east-1:000000000000:key/of-nobody"), AtRestEncryptionEnabled: aws.Bool(true),
			}
			_, err := s.API().CreateReplicationGroup(t.Context(), &in)
			checkRefusal(t, err, "InvalidParameterValue", "key/of-nobody cannot be used")
			in.KmsKeyId, in.AtRestEncryptionEnabled = &arn, nil
			_, err = s.API().CreateReplicationGroup(t.Context(), &in)
			checkRefusal(t, err, invalidCombi, "KmsKeyId needs AtRestEncryptionEnabled=true.")

			g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), AtRestEncryptionEnabled: aws.Bool(true), KmsKeyId: &arn})
			if got := aws.ToString(g.describe().KmsKeyId); got != arn {
				t.Errorf("KmsKeyId is %q, want %q", got, arn)
			}
			g.set(none, secretValue)
			door.close()
			s.Kill()
			s.Start(ec2Credentials...)
			g.crash("g-002")
			g.AwaitStatus(g.id, "available")
			in.AtRestEncryptionEnabled = aws.Bool(true)
			_, err = s.API().CreateReplicationGroup(t.Context(), &in)
			checkRefusal(t, err, "ServiceUnavailable", "so nothing was created")

			restartMachine(t, s, fs)
			s.Start(ec2Credentials...)
			harness.Await(t, harness.Patience, "the status to say what is in the way", func() (bool, error) {
				out, err := s.Aikagi("status", g.id)
				return strings.Contains(out, "their key cannot be had") && strings.Contains(out, "--kms-endpoint"), fmt.Errorf("%s (%w)", out, err)
			})
			door.build()
			g.AwaitStatus(g.id, "available")
			g.awaitValue(none, secretValue)
		})
	}
}

// set writes one key, at the primary.
func (g *group) set(token, value string) {
	g.t.Helper()
	w := dial(g.t, g.primary(), g.ca)
	defer w.close()
	if token != none && w.do("AUTH", token) != "OK" {
		g.t.Fatal("AUTH is refused")
	}
	if reply := w.do("SET", "encrypted", value); reply != "OK" {
		g.t.Fatalf("SET: %s", reply)
	}
}

// awaitValue waits until the primary serves the key that set wrote, as after the machine's restart.
func (g *group) awaitValue(token, value string) {
	g.t.Helper()
	harness.Await(g.t, harness.Patience, "the value to be back", func() (bool, error) {
		w, err := tryDial(g.t, g.primary(), g.ca)
		if err != nil {
			return false, err
		}
		defer w.close()
		if token != none {
			w.do("AUTH", token)
		}
		reply := w.do("GET", "encrypted")
		return reply == value, fmt.Errorf("GET: %s", reply)
	})
	g.AwaitStatus(g.id, "available")
}
