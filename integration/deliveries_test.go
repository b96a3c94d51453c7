package integration

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

// TestDeliveryNeedsNoFlagOfTheServer: a server that was started as make run starts it delivers
// below its data directory, for whoever runs it alone, and nowhere else.
func TestDeliveryNeedsNoFlagOfTheServer(t *testing.T) {
	t.Parallel()
	w := newShop(t, harness.Start(t))
	g := newGroup(t, w.Server, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(1), AuthToken: aws.String(token1)})
	rotate := "bin/aikagi token rotate g --data-dir .aikagi --finish quiet=100ms --grace 100ms --deliver "
	w.must(rotate + "file:.aikagi/deliveries/g")
	file := filepath.Join(w.Dir, "deliveries", "g")
	token, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	g.checkAccess(string(token))
	for path, want := range map[string]os.FileMode{file: 0o600, filepath.Dir(file): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %v", path, info.Mode(), err, want)
		}
	}

	if err := os.Symlink(w.dir, filepath.Join(w.Dir, "deliveries", "out")); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"file:/etc/token", "file:token", "file:.aikagi/token", "file:.aikagi/deliveries/../token", "file:.aikagi/deliveries/out/token"} {
		r := w.sh(rotate + target)
		if r.code != 1 || !strings.Contains(r.problems, "not below "+filepath.Join(w.Dir, "deliveries")) || !strings.Contains(r.problems, "--delivery-files") {
			t.Errorf("%s: exit code %d: %s%s", target, r.code, r.out, r.problems)
		}
	}
	if r := w.sh("bin/aikagi token rotate g --data-dir .aikagi"); r.code == 0 || !strings.Contains(r.problems, "--deliver file:"+filepath.Join(w.dir, ".aikagi", "deliveries", "g")) {
		t.Errorf("without a destination: exit code %d: %s", r.code, r.problems)
	}
}
