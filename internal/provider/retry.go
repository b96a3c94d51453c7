package provider

import "time"

// The delays of State.RetryAt.
const (
	retryFirst = 100 * time.Millisecond
	retryMost  = 30 * time.Second
)

// RetryDelay is how long after the last of so many crashes in a row, at least one, a node should not be started
// again.
func RetryDelay(crashes int) time.Duration {
	delay := retryFirst
	for range crashes - 1 {
		if delay *= 2; delay >= retryMost {
			return retryMost
		}
	}
	return delay
}
