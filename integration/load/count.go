package load

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// failuresKept is how many failures are kept in words.
const failuresKept = 10

// Kind says what a client logged in with.
type Kind string

// The kinds: those that the table allows, and those of the control clients.
const (
	NoToken  Kind = "no token"
	OldToken Kind = "old token"
	NewToken Kind = "new token"

	UnknownToken Kind = "control: unknown token"
	RetiredToken Kind = "control: retired token"
	LockedOut    Kind = "control: no token after SET"
)

// Counts are the logins of one kind of client.
type Counts struct {
	Logins  int64 // tried
	Refused int64
	Broken  int64 // ended by something else than an answer
}

// Report is what a run has counted.
type Report struct {
	Clients        int
	Kinds          map[Kind]Counts
	Commands       int64
	FailedCommands int64
	WhileChanging  int64 // logins that were tried while the group read modifying
	Lasting        int64 // connections that were opened with an old token and used beyond SET
	Failures       []string
	Rotates, Sets  []float64 // milliseconds from the call until available
}

// Logins is how many logins that the table allows were tried.
func (r Report) Logins() int64 {
	return r.Kinds[NoToken].Logins + r.Kinds[OldToken].Logins + r.Kinds[NewToken].Logins
}

// FailedLogins is how many of them did not succeed.
func (r Report) FailedLogins() int64 {
	var n int64
	for _, k := range []Kind{NoToken, OldToken, NewToken} {
		n += r.Kinds[k].Refused + r.Kinds[k].Broken
	}
	return n
}

// Control is what the control clients tried, and how often they were refused.
func (r Report) Control() (tried, refused int64) {
	for _, k := range []Kind{UnknownToken, RetiredToken, LockedOut} {
		tried += r.Kinds[k].Logins
		refused += r.Kinds[k].Refused
	}
	return tried, refused
}

func (r Report) String() string {
	tried, refused := r.Control()
	return fmt.Sprintf("%d clients: %d logins (no token %d, old token %d, new token %d; %d during a change), %d failed; "+
		"%d commands, %d failed; %d lasting connections; control: %d logins, %d refused",
		r.Clients, r.Logins(), r.Kinds[NoToken].Logins, r.Kinds[OldToken].Logins, r.Kinds[NewToken].Logins, r.WhileChanging, r.FailedLogins(),
		r.Commands, r.FailedCommands, r.Lasting, tried, refused)
}

// Add adds another run to the report.
func (r *Report) Add(other Report) {
	if r.Kinds == nil {
		r.Kinds = map[Kind]Counts{}
	}
	for kind, c := range other.Kinds {
		sum := r.Kinds[kind]
		r.Kinds[kind] = Counts{sum.Logins + c.Logins, sum.Refused + c.Refused, sum.Broken + c.Broken}
	}
	r.Clients = max(r.Clients, other.Clients)
	r.Commands += other.Commands
	r.FailedCommands += other.FailedCommands
	r.WhileChanging += other.WhileChanging
	r.Lasting += other.Lasting
	r.Failures = append(r.Failures, other.Failures...)
	r.Rotates = append(r.Rotates, other.Rotates...)
	r.Sets = append(r.Sets, other.Sets...)
}

// tally is a Report in the making.
type tally struct {
	changing atomic.Bool // whether a change is under way

	mu     sync.Mutex // guards report
	report Report
}

func newTally(clients int) *tally {
	return &tally{report: Report{Clients: clients, Kinds: map[Kind]Counts{}}}
}

// login counts one login, judged alike for those that must succeed and those that
// must not.
func (t *tally) login(kind Kind, during, refused bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.report.Kinds[kind]
	c.Logins++
	switch {
	case err == nil:
	case refused:
		c.Refused++
	default:
		c.Broken++
	}
	t.report.Kinds[kind] = c
	if during {
		t.report.WhileChanging++
	}
	if kind.allowed() != (err == nil) || (err != nil && !refused) {
		t.fail("login, %s: %v", kind, err)
	}
}

func (t *tally) command(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.report.Commands++
	if err != nil {
		t.report.FailedCommands++
		t.fail("command: %v", err)
	}
}

// fail keeps a failure in words. The caller holds mu.
func (t *tally) fail(format string, args ...any) {
	if len(t.report.Failures) < failuresKept {
		t.report.Failures = append(t.report.Failures, fmt.Sprintf(format, args...))
	}
}

func (k Kind) allowed() bool { return k == NoToken || k == OldToken || k == NewToken }
