package integration

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// pushToken is a delivery program: it keeps what comes in, and writes down when.
const pushToken = `#!/bin/sh
set -eu
cd "$1"
if [ -e broken ]; then echo "the vault is sealed" >&2; exit 1; fi
echo "$AIKAGI_VERB $AIKAGI_GROUP $AIKAGI_FINGERPRINT" >> calls
case "$AIKAGI_VERB" in
deliver) cat > token.new && mv token.new token ;;
revert) rm -f token ;;
esac
`

// TestRotationByCommand: a program is given the token on its standard input, is tried again
// while it fails, and is told when it is over. A rotation that is cancelled before it
// succeeded leaves both tokens; the next one replaces the one that reached nobody.
func TestRotationByCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	program := filepath.Join(dir, "push-token")
	if err := os.WriteFile(program, []byte(pushToken), 0o700); err != nil {
		t.Fatal(err)
	}
	s := harness.Start(t, "--delivery-commands", dir)
	r := &rotated{file: filepath.Join(dir, "token"), group: newGroup(t, s, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{
		NumCacheClusters: aws.Int32(1), AuthToken: aws.String(token1),
	})}
	spec := own.StartAuthTokenRotationInput{Delivery: new("command:" + program + " " + dir), Finish: new("quiet=100ms"), Grace: new("100ms")}
	begin := func() {
		t.Helper()
		if _, err := r.Client().StartRotation(t.Context(), r.id, spec); err != nil {
			t.Fatal(err)
		}
	}
	sealed := func(seal bool) {
		t.Helper()
		broken := filepath.Join(dir, "broken")
		if err := os.Remove(broken); !seal && err != nil {
			t.Fatal(err)
		}
		if seal {
			if err := os.WriteFile(broken, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}

	sealed(true)
	begin()
	r.await("held up", func(rotation own.Rotation) bool { return strings.Contains(rotation.Problem, "the vault is sealed") })
	if _, err := r.Client().CancelRotation(t.Context(), r.id); err != nil {
		t.Fatal(err)
	}
	cancelled := r.awaitState(rotation.Cancelled)
	r.checkAccess(token1)
	if access, err := r.Client().Access(t.Context(), r.id); err != nil || len(access.Credentials) != 2 || access.Credentials[1].Fingerprint != cancelled.NewCredential {
		t.Errorf("after a delivery that may have reached somebody the group accepts %+v (%v)", access.Credentials, err)
	}

	begin() // replaces the token that reached nobody
	r.await("held up", func(rotation own.Rotation) bool { return strings.Contains(rotation.Problem, "the vault is sealed") })
	sealed(false)
	over := r.awaitState(rotation.Done)
	r.checkAccess(r.delivered())
	r.checkSecrets(r.delivered())
	calls, err := os.ReadFile(filepath.Join(dir, "calls"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(calls)), "\n")
	want := []string{"stage g", "deliver g", "finish g"}
	if len(lines) < len(want) {
		t.Fatalf("the program was called: %q", lines)
	}
	for i, line := range lines[len(lines)-3:] {
		if line != want[i]+" "+over.NewCredential {
			t.Errorf("call %d: %q, want %q", i, line, want[i])
		}
	}
}
