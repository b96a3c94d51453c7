package ec2

import (
	"fmt"
	"sync"
	"time"
)

// How long calls are kept back: from the first on, for twice as long after each failure.
const (
	restFirst = 500 * time.Millisecond
	restMax   = 30 * time.Second
)

// circuit keeps calls back after one has failed, so that an API in trouble is not asked by everybody who waits for it. Its zero
// value lets calls through.
type circuit struct {
	mu       sync.Mutex // guards the rest; held for a look only
	failures int        // since the last call that was answered
	until    time.Time  // calls are kept back
	last     error
}

// admit lets a call through, or returns why not. After the pause one call goes ahead of the others.
func (c *circuit) admit(now time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failures == 0 {
		return nil
	}
	if now.Before(c.until) {
		return fmt.Errorf("%w (it is asked again within %s)", c.last, c.until.Sub(now).Round(time.Second)+time.Second)
	}
	c.until = now.Add(callTimeout)
	return nil
}

// note takes over how a call ended. That something is not there, or may not be read, is an answer: the next call may be about something else.
func (c *circuit) note(err error, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil || isAboutOne(err) {
		c.failures, c.until, c.last = 0, time.Time{}, nil
		return
	}
	rest := min(restFirst<<min(c.failures, 10), restMax)
	c.failures++
	c.until, c.last = now.Add(rest), err
}
