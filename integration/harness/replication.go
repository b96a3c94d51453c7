package harness

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Ask sends a command to a node and returns its answer as text.
type Ask func(words ...string) (string, error)

// AwaitCopy returns when a node has all that its primary has written at the moment of the question, and how long
// that took. Only then what is not there is lost: replication is asynchronous, and before it may be
// on its way. A node that is the primary itself has it at once. It fails after the limit.
func AwaitCopy(limit time.Duration, primary, node Ask) (late time.Duration, err error) {
	_, want, err := askOffset(primary)
	if err != nil {
		return 0, fmt.Errorf("ask primary: %w", err)
	}
	for began := time.Now(); ; time.Sleep(time.Millisecond) {
		role, have, err := askOffset(node)
		late = time.Since(began)
		switch {
		case err != nil:
			return late, fmt.Errorf("ask replica: %w", err)
		case role == "master" || have >= want:
			return late, nil
		case late > limit:
			return late, fmt.Errorf("replica is at %d after %s, the primary was at %d", have, late, want)
		}
	}
}

// askOffset asks a node for its role, and how far it has come in the stream of writes.
func askOffset(ask Ask) (role string, offset int64, err error) {
	text, err := ask("INFO", "replication")
	if err != nil {
		return "", 0, err
	}
	fields := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		fields[name] = value
	}
	name := "master_repl_offset"
	if fields["role"] != "master" {
		name = "slave_repl_offset" // what it has carried out, not what it has received
	}
	if offset, err = strconv.ParseInt(fields[name], 10, 64); err != nil {
		return "", 0, fmt.Errorf("read %s: %w", name, err)
	}
	return fields["role"], offset, nil
}
