package trial

import (
	"testing"
	"time"
)

func TestPulseCountsWhatIsWithin(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) Instant { return Instant(d) }
	p := &pulse{gaps: []gap{{at(10), at(20)}, {at(30), at(50)}}}
	for _, c := range []struct{ from, to, want time.Duration }{
		{0, 60, 30}, {0, 10, 0}, {15, 35, 10}, {20, 30, 0}, {32, 33, 1}, {60, 90, 0}, {40, 30, 0},
	} {
		if got := p.held(at(c.from), at(c.to)); got != c.want {
			t.Errorf("from %d to %d it was held up for %d, not %d", c.from, c.to, got, c.want)
		}
	}
}
