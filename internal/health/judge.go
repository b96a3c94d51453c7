package health

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aikagi/aikagi/internal/provider"
)

// steps is in how many parts the timeout of an answer is counted.
const steps = 3

// judge judges a node while it is being asked. A question that is answered in time
// costs the start and the end of a timer only.
type judge struct {
	watch *watch
	step  time.Duration

	heard atomic.Bool // the question is answered

	mu     sync.Mutex // guards what follows; held while a step is judged
	timer  *time.Timer
	silent silence
	began  time.Time // the step
}

func newJudge(w *watch) *judge {
	j := &judge{watch: w, step: w.monitor.options.Timeout / steps}
	j.heard.Store(true)
	j.timer = time.AfterFunc(time.Hour, j.look)
	j.timer.Stop()
	return j
}

// begin is called when the node is asked, end when it has answered. After end returned, no
// verdict falls.
func (j *judge) begin(now time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.heard.Store(false)
	j.silent, j.began = silence{}, now
	j.timer.Reset(j.step)
}

func (j *judge) end() {
	j.heard.Store(true)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.timer.Stop()
}

// look is called at the end of each step without an answer.
func (j *judge) look() {
	j.mu.Lock()
	defer j.mu.Unlock()
	options := j.watch.monitor.options
	took := options.Now().Sub(j.began)
	activity, err := options.Activity(j.watch.node)
	if j.heard.Load() {
		return
	}
	switch {
	case errors.Is(err, provider.ErrNotRunning), errors.Is(err, provider.ErrAbsent):
		j.silent = silence{} // the link will find out, too, or reach the next process
		j.watch.note(answer{sign: gone})
	default:
		if err != nil {
			activity.Runnable = true // nothing to hold against it
		}
		j.silent.add(j.step, took, activity)
		if j.silent.quiet >= steps || j.silent.waited >= options.BusyTimeout {
			j.watch.condemn(j.silent)
		}
	}
	j.began = options.Now()
	j.timer.Reset(j.step)
}

// silence is how a node has been since it was asked.
type silence struct {
	quiet  int           // steps in a row in which its process got nothing done
	waited time.Duration // for the answer
	cpu    time.Duration // of its process, at the end of the last step
	looked bool          // cpu is known
}

// add is told the length of a step, how long it really took, and what the process did
// at its end.
func (s *silence) add(step, took time.Duration, a provider.Activity) {
	busy := a.Runnable || s.looked && a.CPU != s.cpu
	s.cpu, s.looked = a.CPU, true
	s.waited += min(took, 2*step)
	switch {
	case busy:
		s.quiet = 0
	case took <= step+step/4: // else we were late ourselves, and the answer may be under way
		s.quiet++
	}
}
