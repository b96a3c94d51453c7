package integration

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/integration/harness"
)

// silent are more connections than a node has places for clients.
const silent = 10100

// fill takes every place, with connections that never say a word, until they are freed.
func fill(t *testing.T, address string) (free func()) {
	t.Helper()
	var all []net.Conn
	free = func() {
		for _, conn := range all {
			_ = conn.Close()
		}
		all = nil
	}
	t.Cleanup(func() { free() })
	for range silent {
		conn, err := net.DialTimeout("tcp", address, 10*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, conn)
	}
	return free
}

// TestFullNodeTakesTokenChange changes tokens while somebody without one has taken all places that clients have, also
// if that happened while aikagi was down. One engine after the other: descriptors are bounded.
func TestFullNodeTakesTokenChange(t *testing.T) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil || limit.Max < silent+1000 {
		t.Skipf("the test may open %d files, %v", limit.Max, err)
	}
	limit.Cur = limit.Max
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	for _, name := range harness.Engines(t) {
		t.Run(name, func(t *testing.T) {
			s := harness.Start(t)
			g := newGroup(t, s, name, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(1)})
			free := fill(t, g.primary())
			g.change(rotate, token1)
			s.Kill()
			s.Start()
			g.change(set, token1)
			free()

			plain := newGroup(t, s, name, elasticache.CreateReplicationGroupInput{
				ReplicationGroupId: aws.String("plain"), NumCacheClusters: aws.Int32(1), TransitEncryptionEnabled: aws.Bool(false),
			})
			free = fill(t, plain.primary())
			s.Kill()
			s.Start()
			plain.AwaitStatus(plain.id, "available")
			w := dial(t, plain.primary(), nil)
			if reply, err := w.reply(); err != nil || !strings.Contains(reply, "max number of clients reached") {
				t.Errorf("one too many: %q, %v", reply, err)
			}
			free()
		})
	}
}
