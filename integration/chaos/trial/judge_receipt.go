package trial

import (
	"fmt"
	"strings"
	"time"
)

// receiptTolerance is how far a receipt's time of the first accepted write may be from
// what the referee saw, whose connection has to be made anew first, in a process that gets the processor.
const receiptTolerance = 250 * time.Millisecond

// judgeReceipts compares the receipts with what was seen.
func (r *run) judgeReceipts(result *Result) (problems []string) {
	wrong := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	if len(result.Receipts) != len(r.fault.Causes) {
		wrong("there are %d receipts, want %d", len(result.Receipts), len(r.fault.Causes))
		return problems
	}
	for i, cause := range r.fault.Causes {
		f := result.Receipts[len(result.Receipts)-1-i]
		if !strings.Contains(" "+cause+" ", " "+f.Cause+" ") {
			wrong("the receipt's cause is %q, want %q", f.Cause, cause)
		}
		if f.Status != "recovered" {
			wrong("the receipt's status is %q (%s)", f.Status, f.GivenUpReason)
		}
		if f.From != result.PrimaryBefore || f.To != result.PrimaryAfter {
			wrong("the receipt says from %s to %s, seen was from %s to %s", f.From, f.To, result.PrimaryBefore, result.PrimaryAfter)
		}
		if f.LossExact && f.LossBytes == 0 && result.Lost > 0 {
			wrong("the receipt says that nothing was lost")
		}
		if r.fault.Loss == LossNone && f.LossBytes > 0 {
			wrong("the receipt says that %s was lost", f.Loss)
		}
		problems = append(problems, r.judgeTimes(f, result)...)
	}
	return problems
}

func (r *run) judgeTimes(f Receipt, result *Result) (problems []string) {
	last := int64(-1 << 62)
	for _, at := range f.steps() {
		if at == nil {
			continue
		}
		if *at < last && !r.fault.Clock {
			problems = append(problems, fmt.Sprintf("the receipt's times are out of order: %d µs after %d µs", *at, last))
		}
		last = *at
	}
	if r.fault.Clock {
		return problems
	}
	if early := r.wall.Sub(f.DetectedAt); early > time.Millisecond {
		problems = append(problems, fmt.Sprintf("the receipt says it was detected %s before it happened", early))
	}
	if f.WriteAcceptedMicroseconds == nil {
		return problems
	}
	accepted := f.DetectedAt.Sub(r.wall) + time.Duration(*f.WriteAcceptedMicroseconds)*time.Microsecond
	seen := time.Duration(result.WriteAfter * float64(time.Millisecond))
	text := fmt.Sprintf("the receipt says that a write was accepted %s after the fault, seen was %s", accepted, seen)
	held := r.pulse.held(r.at+Instant(accepted), r.at+Instant(seen))
	switch off := seen - accepted; {
	case off > receiptTolerance+held, off < -receiptTolerance && result.ControlPlaneDeaths == 0:
		problems = append(problems, text)
	case off < -receiptTolerance: // nobody was there to see it: the receipt's time is an upper bound
		result.Notes = append(result.Notes, text)
	}
	return problems
}
