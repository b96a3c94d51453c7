package lag

import (
	"slices"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

const primary, replica, other = provider.NodeName("p"), provider.NodeName("r"), provider.NodeName("o")

// heard is a tracker of a group of three, and what it woke.
type heard struct {
	*Tracker
	woken []cache.Key
}

func newHeard() *heard {
	h := &heard{}
	h.Tracker = New(func(key cache.Key) { h.woken = append(h.woken, key) })
	h.Follow(Stream{Group: "g"}, primary, []provider.NodeName{replica, other})
	return h
}

func (h *heard) primaryAt(after time.Duration, offset int64) {
	h.Heard(primary, engine.RoleView{Role: engine.RolePrimary, Offset: offset}, noon.Add(after), noon.Add(after))
}

// replicaAt returns whether the group was woken.
func (h *heard) replicaAt(after time.Duration, offset int64) bool {
	h.woken = nil
	h.Heard(replica, engine.RoleView{Role: engine.RoleReplica, Offset: offset}, noon.Add(after), noon.Add(after))
	return slices.Equal(h.woken, []cache.Key{"g"})
}

// Of an idle primary nobody is late, whatever was asked when; the engines' own pings count as
// writes, and arrive.
func TestReplicaOfIdlePrimaryIsNeverLate(t *testing.T) {
	t.Parallel()
	h := newHeard()
	offset := int64(1)
	for s := range 600 {
		now := time.Duration(s) * time.Second
		if s%10 == 0 {
			offset += 14
		}
		if s%5 == 0 {
			h.primaryAt(now, offset)
		}
		if s%5 == 3 && h.replicaAt(now, offset) {
			t.Fatalf("late after %s", now)
		}
	}
	if h.replicaAt(time.Hour, offset) || h.replicaAt(time.Hour, -1) {
		t.Error("late after an hour in which nothing happened")
	}
}

// At 100 MB/s a replica that is a second late is 100 MB behind, and in time.
func TestReplicaOfBusyPrimaryIsInTime(t *testing.T) {
	t.Parallel()
	h := newHeard()
	const rate = 100 << 20
	for half := range 240 {
		now := time.Duration(half) * 500 * time.Millisecond
		h.primaryAt(now, int64(half)*rate/2)
		if half%10 == 7 && h.replicaAt(now+3*time.Millisecond, int64(half-2)*rate/2) {
			t.Fatalf("late after %s", now)
		}
	}
}

// One that is held back is found to be late when it is later than the limit, by itself or because
// it has lost its primary; and in time when it has caught up.
func TestReplicaThatIsHeldBackIsLate(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]int64{"held back": 100, "without its primary": -1} {
		h := newHeard()
		h.primaryAt(0, 100)
		if h.replicaAt(0, 100) {
			t.Errorf("%s: late to begin with", name)
		}
		h.primaryAt(time.Second, 200)
		if h.replicaAt(time.Second+Limit-1, answer) {
			t.Errorf("%s: late too early", name)
		}
		if !h.replicaAt(time.Second+Limit, answer) {
			t.Errorf("%s: nobody was told", name)
		}
		judged := h.Judge(Stream{Group: "g"}, replica, at(3*time.Second+Limit, answer))
		if judged.LateFor != 2*time.Second || judged.AtLeast != Limit+2*time.Second {
			t.Errorf("%s: %+v", name, judged)
		}
		if h.replicaAt(4*time.Second+Limit, 200) {
			t.Errorf("%s: late after it has caught up", name)
		}
		if judged := h.Judge(Stream{Group: "g"}, replica, at(4*time.Second+Limit, 200)); judged.LateFor != 0 {
			t.Errorf("%s: %+v", name, judged)
		}
	}
}

// A change of the primary begins anew; a look at the same group changes nothing; one that is gone is forgotten.
func TestFollow(t *testing.T) {
	t.Parallel()
	h := newHeard()
	h.primaryAt(0, 200)
	h.Follow(Stream{Group: "g"}, primary, []provider.NodeName{replica})
	if !h.replicaAt(time.Minute, 100) {
		t.Error("what was known is forgotten")
	}
	h.Follow(Stream{Group: "g"}, replica, []provider.NodeName{primary, other})
	if h.replicaAt(2*time.Minute, 100) || h.Judge(Stream{Group: "g"}, other, at(time.Hour, 1)) != (Lag{}) {
		t.Error("the offsets of the old primary count for the new one")
	}
	h.Forget("g")
	if len(h.lines) != 0 || len(h.byNode) != 0 || h.Judge(Stream{Group: "g"}, other, at(0, 0)) != (Lag{}) {
		t.Errorf("left: %v %v", h.lines, h.byNode)
	}
}
