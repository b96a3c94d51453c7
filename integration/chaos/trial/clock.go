package trial

import (
	"time"

	"golang.org/x/sys/unix"
)

// Instant is a time of the machine's monotonic clock, which all processes share and
// nobody can set.
type Instant time.Duration

func now() Instant {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		panic(err) // every Linux has it
	}
	return Instant(t.Nano())
}

// Sub is the time from another instant to this one.
func (i Instant) Sub(other Instant) time.Duration { return time.Duration(i - other) }

// milliseconds is a duration as it is reported.
func milliseconds(d time.Duration) float64 {
	return float64(d.Round(10*time.Microsecond)) / float64(time.Millisecond)
}
