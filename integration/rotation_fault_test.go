package integration

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/delivery"
	"github.com/aikagi/aikagi/internal/elasticache/own"
	"github.com/aikagi/aikagi/internal/fault"
)

// rotationKills are the points at which the control plane is killed during one rotation with
// a delivery to a file and a brownout, each as often as it is reached.
func rotationKills() []string {
	kills := []string{
		fault.TokenStaged, fault.TokenDelivered,
		delivery.PointTempCreated, delivery.PointTempWritten, delivery.PointRenamed, delivery.PointPreviousKept, delivery.PointPreviousRemoved,
	}
	for n := 1; n <= 6; n++ { // RotateIn, NoteRotated, NoteDelivered, EndOld, NoteSet, ConcludeRotation
		kills = append(kills, fmt.Sprintf("%s:%d", fault.RotationBeforeCommit, n), fmt.Sprintf("%s:%d", fault.RotationNoted, n))
	}
	return append(kills, fault.StoreAfterCommit) // StartAuthTokenRotation is stored, its caller does not know
}

// TestRotationFaultPoints kills the control plane at every step of a rotation. The next
// one finishes it; nobody who reads the file is refused at any moment.
func TestRotationFaultPoints(t *testing.T) {
	t.Parallel()
	engines := harness.Engines(t)
	slots := make(chan struct{}, 3) // a control plane and two engines each, beside other tests
	for i, kill := range rotationKills() {
		for j, engine := range engines {
			if os.Getenv("AIKAGI_LONG") == "" && i%len(engines) != j {
				continue // the engines take turns
			}
			t.Run(kill+"-"+engine, func(t *testing.T) {
				t.Parallel()
				slots <- struct{}{}
				defer func() { <-slots }()
				rotateAndKill(t, engine, kill)
			})
		}
	}
}

func rotateAndKill(t *testing.T, engine, kill string) {
	r := newRotated(t, engine, token1)
	load := r.startPool(2)
	r.Stop()
	r.Start("AIKAGI_FAULT=" + kill)

	spec := own.StartAuthTokenRotationInput{Delivery: new("file:" + r.file), Finish: new("quiet=400ms"), Brownout: new("200ms"), Grace: new("300ms")}
	_, refused := r.Client().StartRotation(t.Context(), r.id, spec)
	select {
	case <-r.Exited():
	case <-time.After(60 * time.Second):
		t.Fatalf("the rotation does not reach %s (%v)", kill, refused)
	}
	if !r.Killed() {
		t.Fatalf("the control plane ended by itself, and not at %s", kill)
	}
	r.Start()
	if begun, err := r.Client().Rotations(t.Context(), r.id); err != nil || len(begun) == 0 {
		r.start(spec) // it died while it looked at the destination
	}
	over := r.await("over", func(rotation own.Rotation) bool { return rotation.Over })
	if over.State != rotation.Done {
		t.Fatalf("it ended as %+v", over)
	}
	second := r.delivered()
	r.checkAccess(second)
	load.check(t)
	r.checkSecrets(second)
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(r.file), "*")); len(left) != 1 {
		t.Errorf("files beside the token's: %v", left)
	}
}

// TestRotationOutlivesNodes: a node is killed in each state that the rotation of its group's token is
// seen in; the rotation waits for them and ends.
func TestRotationOutlivesNodes(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		r := newRotated(t, engine, token1)
		r.start(own.StartAuthTokenRotationInput{Finish: new("quiet=1s"), Grace: new("1s")})
		hit := map[string]string{} // state of the rotation to the node that was killed in it
		over := r.await("over", func(rotation own.Rotation) bool {
			if _, again := hit[string(rotation.State)]; !again && !rotation.Over {
				hit[string(rotation.State)] = r.killNode()
			}
			return rotation.Over
		})
		if over.State != rotation.Done {
			t.Fatalf("it ended as %+v", over)
		}
		// It waits for a second in each of these two, so that they are seen on any machine.
		for _, state := range []rotation.State{rotation.Waiting, rotation.Watching} {
			if hit[string(state)] == "" {
				t.Errorf("no node was killed while it was %s, only: %v", state, hit)
			}
		}
		r.awaitNodes()
		r.checkAccess(r.delivered())
	})
}

// killNode kills one of the nodes that run, and returns its name when its process is gone. Without one, it
// returns "".
func (r *rotated) killNode() string {
	r.t.Helper()
	for node, pid := range r.Nodes() {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			r.t.Fatalf("kill %s: %v", node, err)
		}
		harness.Await(r.t, harness.Patience, "the end of "+node, func() (bool, error) { return r.Nodes()[node] != pid, nil })
		return node
	}
	return ""
}

// awaitNodes waits until every node is back.
func (r *rotated) awaitNodes() {
	r.t.Helper()
	var last own.Access
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		var err error
		if last, err = r.Client().Access(r.t.Context(), r.id); err != nil {
			r.t.Fatal(err)
		}
		if !slices.ContainsFunc(last.Nodes, func(n own.AccessNode) bool { return n.Status != "available" }) {
			return
		}
	}
	r.t.Fatalf("nodes are %+v", last.Nodes)
}
