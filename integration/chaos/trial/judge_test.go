package trial

import (
	"testing"
	"time"
)

func write(process string, sent, acked Instant) Write {
	return Write{Client: "c", Sent: sent, Acked: acked, Process: process}
}

// The judge must be able to see a double primary, and must not see one in a clean
// handover, however the writes cross on their way.
func TestDoublePrimaries(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		writes []Write
		want   int
	}{
		"nothing":        {nil, 0},
		"one process":    {[]Write{write("a", 1, 2), write("a", 3, 4)}, 0},
		"clean handover": {[]Write{write("a", 1, 2), write("b", 3, 4), write("b", 5, 6)}, 0},
		"sent before the handover, acknowledged after it": {[]Write{write("a", 1, 2), write("a", 3, 9), write("b", 4, 5)}, 0},
		"sent at the very moment":                         {[]Write{write("a", 1, 2), write("b", 3, 4), write("a", 4, 5)}, 0},
		"both take writes":                                {[]Write{write("a", 1, 2), write("b", 3, 4), write("a", 5, 6), write("b", 7, 8)}, 1},
		"a stopped process goes on":                       {[]Write{write("a", 1, 2), write("b", 3, 4), write("a", 5, 90), write("a", 6, 91)}, 2},
		"the first comes back after two":                  {[]Write{write("a", 1, 2), write("b", 3, 4), write("c", 5, 6), write("a", 7, 8), write("b", 7, 9)}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := doublePrimaries(c.writes); len(got) != c.want {
				t.Errorf("%d double primaries, want %d: %v", len(got), c.want, got)
			}
		})
	}
}

func TestLongestGap(t *testing.T) {
	t.Parallel()
	ms := func(n int) Instant { return Instant(time.Duration(n) * time.Millisecond) }
	writes := []Write{write("a", 0, 0), write("a", 0, ms(100)), write("a", 0, ms(110)), write("b", 0, ms(150)), write("b", 0, ms(160))}
	if gap, ended := longestGap(writes, ms(100)); gap != 40*time.Millisecond || ended != ms(150) {
		t.Errorf("the gap is %s and ends at %d", gap, ended)
	}
}

func TestScattered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lost    []int
		changes int
		want    int
	}{{nil, 0, 0}, {[]int{3, 4}, 1, 0}, {[]int{3, 4}, 0, 1}, {[]int{3, 5}, 1, 1}, {[]int{3, 5}, 2, 0}, {[]int{0, 9}, 1, 1}} {
		var writes []Write
		for n := range 10 {
			writes = append(writes, Write{Client: "c", Sequence: n})
		}
		lost := func(w Write) bool {
			for _, n := range c.lost {
				if n == w.Sequence {
					return true
				}
			}
			return false
		}
		if got := scattered(writes, lost, c.changes); got != c.want {
			t.Errorf("lost %v in %d changes: %d, want %d", c.lost, c.changes, got, c.want)
		}
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		list        []int
		again, late int
	}{{nil, 0, 0}, {[]int{0, 2, 4}, 0, 0}, {[]int{0, 2, 2, 4}, 1, 0}, {[]int{0, 4, 2}, 0, 1}, {[]int{0, 4, 0}, 1, 0}} {
		if again, late := order(c.list); again != c.again || late != c.late {
			t.Errorf("%v: %d again and %d late, want %d and %d", c.list, again, late, c.again, c.late)
		}
	}
}
