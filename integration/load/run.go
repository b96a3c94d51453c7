package load

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
)

// Options say how much load there is.
type Options struct {
	Clients  int           // besides the control clients
	Rounds   int           // of ROTATE and SET
	Commands int           // on each connection
	Pause    time.Duration // after each command
	Logins   int           // that every client must have made in each state of the set
	Progress func(string)  // told after each round; nil: nobody
}

// controlPerNode is how many control clients of each kind a node has.
const controlPerNode = 1

// stateTimeout bounds the time in which every client makes its logins.
const stateTimeout = time.Minute

// run is one run under way.
type run struct {
	group   *Group
	options Options
	tally   *tally

	movers, keepers           []*client
	unknown, retired, lockout []*client // control clients; the last two begin when there is something to retire
	lasting                   []*lasting

	stop    chan struct{}
	clients sync.WaitGroup
}

// Run puts clients on a group that asks for no token, and changes its tokens. The
// group must be {NONE}. An error means that the run did not come to its end; what
// failed for a client is in the report.
func Run(ctx context.Context, g *Group, options Options) (Report, error) {
	r := &run{group: g, options: options, tally: newTally(options.Clients), stop: make(chan struct{})}
	if err := r.seed(); err != nil {
		return Report{}, err
	}
	r.populate()
	err := r.rounds(ctx)
	close(r.stop)
	r.clients.Wait()
	return r.tally.report, errors.Join(err, ctx.Err())
}

// seed writes the key that clients of replicas read, and returns when all have it.
func (r *run) seed() error {
	for i, node := range r.group.Nodes {
		if err := r.seedNode(node, i == 0); err != nil {
			return fmt.Errorf("seed %s: %w", node, err)
		}
	}
	return nil
}

func (r *run) seedNode(node string, primary bool) error {
	conn, err := Dial(node, r.group.TLS(node))
	if err != nil {
		return err
	}
	defer conn.Close()
	if primary {
		_, err := conn.Do("SET", seedKey, seedValue)
		return err
	}
	for deadline := time.Now().Add(stateTimeout); ; time.Sleep(pollEvery) {
		got, err := conn.Do("GET", seedKey)
		switch {
		case err != nil || got == seedValue:
			return err
		case time.Now().After(deadline):
			return fmt.Errorf("not replicated after %s", stateTimeout)
		}
	}
}

func (r *run) populate() {
	none := credential{kind: NoToken}
	for i := range r.options.Clients {
		c := r.client(i, none)
		if i/len(r.group.Nodes)%2 == 0 {
			r.movers = append(r.movers, c)
		} else {
			r.keepers = append(r.keepers, c)
		}
	}
	for i := range controlPerNode * len(r.group.Nodes) {
		// A length that tokens have, so that only its value is wrong.
		r.unknown = append(r.unknown, r.client(i, credential{newToken(), UnknownToken}))
	}
	r.launch(r.movers, r.keepers, r.unknown)
}

func (r *run) client(i int, first credential) *client {
	n := i % len(r.group.Nodes)
	node := r.group.Nodes[n]
	return &client{
		id: i, node: node, primary: n == 0, tls: r.group.TLS(node), commands: r.options.Commands, pause: r.options.Pause,
		tally: r.tally, credential: first,
	}
}

func (r *run) launch(groups ...[]*client) {
	for _, group := range groups {
		for _, c := range group {
			r.clients.Go(func() { c.run(r.stop) })
		}
	}
}

func (r *run) rounds(ctx context.Context) error {
	defer func() { r.closeLasting() }()
	held := credential{kind: NoToken}
	if err := r.awaitLogins(ctx); err != nil { // in {NONE}
		return err
	}
	for round := range r.options.Rounds {
		next, err := r.round(ctx, held)
		if err != nil {
			return fmt.Errorf("round %d: %w", round+1, err)
		}
		held = next
		if r.options.Progress != nil {
			r.options.Progress(fmt.Sprintf("round %d of %d: ROTATE %.0f ms, SET %.0f ms", round+1, r.options.Rounds,
				r.tally.report.Rotates[round], r.tally.report.Sets[round]))
		}
	}
	return nil
}

// round takes the group from {held} to {next}.
func (r *run) round(ctx context.Context, held credential) (credential, error) {
	next := credential{newToken(), NewToken}
	if err := r.change(ctx, types.AuthTokenUpdateStrategyTypeRotate, next.token, &r.tally.report.Rotates); err != nil {
		return next, err
	}
	r.openLasting(held)
	each(r.movers, func(c *client) { c.use(next) })
	if err := r.awaitLogins(ctx); err != nil { // in {held, next}
		return next, err
	}
	each(r.keepers, func(c *client) { c.use(next) })
	if err := r.change(ctx, types.AuthTokenUpdateStrategyTypeSet, next.token, &r.tally.report.Sets); err != nil {
		return next, err
	}
	r.retire(held)
	if err := r.awaitLogins(ctx); err != nil { // in {next}
		return next, err
	}
	r.closeLasting()
	// From here on it is the older one.
	next.kind = OldToken
	each(r.movers, func(c *client) { c.use(next) })
	each(r.keepers, func(c *client) { c.use(next) })
	return next, nil
}

// change changes the set and keeps the time that it took.
func (r *run) change(ctx context.Context, strategy types.AuthTokenUpdateStrategyType, token string, times *[]float64) error {
	r.tally.changing.Store(true)
	defer r.tally.changing.Store(false)
	took, err := r.group.Change(ctx, strategy, token)
	if err == nil {
		*times = append(*times, float64(took)/float64(time.Millisecond))
	}
	return err
}

// retire gives the control clients what SET has just retired.
func (r *run) retire(old credential) {
	n := controlPerNode * len(r.group.Nodes)
	switch {
	case old.kind == NoToken:
		for i := range n {
			r.lockout = append(r.lockout, r.client(i, credential{kind: LockedOut}))
		}
		r.launch(r.lockout)
	case r.retired == nil:
		for i := range n {
			r.retired = append(r.retired, r.client(i, credential{old.token, RetiredToken}))
		}
		r.launch(r.retired)
	default:
		each(r.retired, func(c *client) { c.use(credential{old.token, RetiredToken}) })
	}
}

// awaitLogins returns when every client has begun and ended the asked-for number of
// logins since the call.
func (r *run) awaitLogins(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stateTimeout)
	defer cancel()
	clients := slices.Concat(r.movers, r.keepers, r.unknown, r.retired, r.lockout)
	want := make([]int64, len(clients))
	for i, c := range clients {
		want[i] = c.logins.Load() + 1 + int64(r.options.Logins) // the one that is under way began before
	}
	for i, c := range clients {
		for c.logins.Load() < want[i] {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("await logins at %s: %w", c.node, err)
			}
			time.Sleep(pollEvery)
		}
	}
	return nil
}

// each calls fn for all clients at the same time: each may have to wait for a login.
func each(clients []*client, fn func(*client)) {
	var all sync.WaitGroup
	for _, c := range clients {
		all.Go(func() { fn(c) })
	}
	all.Wait()
}

// newToken makes a token of 26 characters.
func newToken() string { return rand.Text() }
