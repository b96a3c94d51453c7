package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// played answers a follower with one look after the other; the last stays, or ends the test
// by an interrupt.
type played struct {
	looks     []own.Rotation
	usage     own.Usage
	transit   own.TransitUsage
	next      int
	interrupt context.CancelFunc // after the last look; nil: none
	lost      bool               // the control plane is away at the second look
}

func (p *played) Rotation(ctx context.Context, _, _ string) (own.Rotation, bool, error) {
	if p.lost {
		p.lost = false
		return own.Rotation{}, false, errors.New("connection refused")
	}
	p.next = min(p.next+1, len(p.looks)-1)
	if p.next == len(p.looks)-1 && p.interrupt != nil {
		p.interrupt()
		return own.Rotation{}, false, ctx.Err()
	}
	return p.looks[p.next], true, nil
}

func (p *played) TokenUsage(context.Context, string) (own.Usage, error) { return p.usage, nil }

func (p *played) TransitUsage(context.Context, string) (own.TransitUsage, error) {
	return p.transit, nil
}

var rotationStart = time.Date(2026, 5, 4, 12, 0, 0, 0, jst)

func after(seconds int) *time.Time {
	at := rotationStart.Add(time.Duration(seconds) * time.Second)
	return &at
}

// looks is a rotation from begin to end, with one change after the other.
func looks(changes ...func(*own.Rotation)) []own.Rotation {
	r := own.Rotation{
		RotationId: "rotation-1", ReplicationGroupId: "g", Cause: "request", State: "pending", OldCredential: "aaaaaaaaaaaa",
		Delivery: "file:/run/token", Finish: "quiet=10m", Brownout: "5s", Grace: "10m0s", StartedAt: rotationStart, StateSince: &rotationStart,
	}
	all := []own.Rotation{r}
	for _, change := range changes {
		change(&r)
		all = append(all, r)
	}
	return all
}

// enters is a change of state after so many seconds.
func enters(state rotation.State, seconds int, more func(*own.Rotation)) func(*own.Rotation) {
	return func(r *own.Rotation) {
		r.State, r.StateSince, r.Problem = state, after(seconds), ""
		if more != nil {
			more(r)
		}
	}
}

var firstHalf = []func(*own.Rotation){
	func(r *own.Rotation) { r.Problem = "the destination is away" },
	enters("rotating", 1, func(r *own.Rotation) { r.NewCredential = "bbbbbbbbbbbb" }),
	enters("delivering", 2, func(r *own.Rotation) { r.RotatedAt = after(2) }),
	enters("waiting", 3, func(r *own.Rotation) { r.DeliveredAt = after(3) }),
	enters("brownout", 10, nil),
	enters("waiting", 12, func(r *own.Rotation) {
		r.BrownoutAt, r.Culprits = after(12), []own.Client{{Name: "worker\x1b[2J", Address: "10.0.0.7", Refused: 2}}
	}),
	enters("setting", 20, nil),
	enters("watching", 21, func(r *own.Rotation) { r.SetAt = after(21) }),
}

func followed(t *testing.T, live bool, p *played) (string, error) {
	t.Helper()
	var b strings.Builder
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if p.interrupt != nil {
		p.interrupt = cancel
	}
	f := newFollower(&b, p, live)
	f.every = time.Millisecond
	err := f.follow(ctx, p.looks[0])
	return b.String(), err
}

func TestFollowRotation(t *testing.T) {
	t.Parallel()
	p := &played{lost: true, looks: looks(append(firstHalf, enters("done", 621, func(r *own.Rotation) { r.Over, r.EndedAt = true, after(621) }))...)}
	p.usage = own.Usage{AsOf: *after(4), Complete: true, Credentials: []own.CredentialUsage{
		{Fingerprint: "aaaaaaaaaaaa", Connections: 5, Refused: 1, Clients: []own.Client{
			{Name: "worker-3", Address: "10.0.0.7", Library: "redis-py", LibraryVersion: "5.0.1", Connections: 3},
			{Address: "10.0.0.8", Connections: 2}, {Address: "10.0.0.9", Closed: 7},
		}},
	}}
	got, err := followed(t, false, p)
	if err != nil {
		t.Error(err)
	}
	want := `12:00:00 JST  rotation-1 of g: a new token in place of token aaaaaaaaaaaa, to be delivered to file:/run/token; finish quiet=10m
12:00:00 JST  held up, and being retried: the destination is away
12:00:01 JST  token bbbbbbbbbbbb is on its way to the nodes
12:00:02 JST  every node accepts token bbbbbbbbbbbb beside token aaaaaaaaaaaa
12:00:03 JST  token bbbbbbbbbbbb is delivered to file:/run/token
              waiting for clients to leave token aaaaaaaaaaaa: 5 connections: 3 of worker-3 (10.0.0.7, redis-py 5.0.1), 2 of 10.0.0.8; finish quiet=10m
12:00:10 JST  brownout of 5s: token aaaaaaaaaaaa is refused
12:00:12 JST  the brownout found clients; token aaaaaaaaaaaa works again (2 of worker?[2J (10.0.0.7))
              waiting for clients to leave token aaaaaaaaaaaa: 5 connections: 3 of worker-3 (10.0.0.7, redis-py 5.0.1), 2 of 10.0.0.8; finish quiet=10m
12:00:20 JST  token aaaaaaaaaaaa is being ended on every node
12:00:21 JST  only token bbbbbbbbbbbb is accepted; refused logins with token aaaaaaaaaaaa are watched for 10m0s
              watching token aaaaaaaaaaaa: 1 refused login, 0s left; 5 connections: 3 of worker-3 (10.0.0.7, redis-py 5.0.1), 2 of 10.0.0.8
12:10:21 JST  done: every node accepts token bbbbbbbbbbbb and nothing else
`
	if got := timeless(got); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if strings.Contains(got, "\x1b") {
		t.Error("there are escape codes in what goes to a pipe")
	}
}

// The way from plaintext to a token comes before the rest.
func TestFollowSecuring(t *testing.T) {
	t.Parallel()
	p := &played{looks: looks(
		func(r *own.Rotation) { r.Secure, r.State, r.OldCredential = true, "offering-tls", "NONE" },
		enters("awaiting-tls", 1, func(r *own.Rotation) { r.TlsOfferedAt = after(1) }),
		enters("requiring-tls", 600, nil),
		enters("pending", 601, func(r *own.Rotation) { r.TlsRequiredAt = after(601) }),
		enters("failed", 602, func(r *own.Rotation) { r.Over, r.Reason = true, "the end of the test" }))[1:]}
	p.transit = own.TransitUsage{AsOf: *after(4), Complete: true, Plaintext: own.PlaintextUse{Connections: 5, Clients: []own.Client{
		{Name: "worker-3", Address: "10.0.0.7", Connections: 3}, {Address: "10.0.0.8", Connections: 2}, {Address: "10.0.0.9", Closed: 7},
	}}}
	got, err := followed(t, false, p)
	if err == nil || !strings.Contains(err.Error(), "the end of the test") {
		t.Error(err)
	}
	want := `12:00:00 JST  rotation-1 of g: TLS, and a new token in place of access without a token, to be delivered to file:/run/token; finish quiet=10m
12:00:00 JST  TLS is on its way to the nodes, beside plaintext
12:00:01 JST  every node accepts TLS beside plaintext
              waiting for clients to use TLS: 5 plaintext connections: 3 of worker-3 (10.0.0.7), 2 of 10.0.0.8; finish quiet=10m
12:10:00 JST  plaintext is being ended on every node
12:10:01 JST  every node accepts TLS only
12:10:02 JST  failed: the end of the test
`
	if got := timeless(got); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	asks := p.looks[1]
	asks.Finish = "ask"
	if text := questionOf(asks); !strings.Contains(text, "aikagi tls usage g; end plaintext: aikagi token continue g") {
		t.Error(text)
	}
}

// timeless leaves out when progress was told, which is the time of the test.
func timeless(text string) string {
	lines := strings.SplitAfter(text, "\n")
	for i, l := range lines {
		if strings.Contains(l, "  waiting for") || strings.Contains(l, "  watching token") {
			lines[i] = strings.Repeat(" ", 12) + l[12:]
		}
	}
	return strings.Join(lines, "")
}

// TestFollowOnTerminal: progress is redrawn and leaves nothing behind.
func TestFollowOnTerminal(t *testing.T) {
	t.Parallel()
	p := &played{looks: looks(append(firstHalf[:4:4], enters("cancelled", 9, func(r *own.Rotation) { r.Over, r.Reason = true, "its owner cancelled it" }))...)}
	got, err := followed(t, true, p)
	if err == nil || !strings.Contains(err.Error(), "is cancelled: its owner cancelled it") {
		t.Error(err)
	}
	if !strings.HasSuffix(got, "nobody is known to use it (not every node could be asked); f…\r\x1b[K12:00:09 JST  cancelled: its owner cancelled it\n") {
		t.Errorf("%q", got)
	}
}

func TestFollowEnds(t *testing.T) {
	t.Parallel()
	end := func(state rotation.State) func(*own.Rotation) {
		return enters(state, 30, func(r *own.Rotation) { r.Over, r.Reason = true, "the reason" })
	}
	for state, want := range map[rotation.State]string{
		"rolled-back": "is rolled-back: the reason", "failed": "is failed: the reason", "cancelled": "is cancelled: the reason",
	} {
		if _, err := followed(t, false, &played{looks: looks(end(state))}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", state, err)
		}
	}
	_, err := followed(t, false, &played{looks: looks(firstHalf...), interrupt: func() {}})
	var exit exitError
	if !errors.As(err, &exit) || exit.code != exitUnderWay || !strings.Contains(err.Error(), "aikagi token watch g") {
		t.Errorf("interrupted: %v", err)
	}
}

// TestNewsOfALateLook: who begins to look in the middle is told what was, once.
func TestNewsOfALateLook(t *testing.T) {
	t.Parallel()
	all := looks(append(firstHalf[:4:4], enters("watching", 30, func(r *own.Rotation) {
		r.BrownoutAt, r.SetAt, r.Notes = after(30), after(30), []string{"the token is long"}
	}), func(r *own.Rotation) { r.RollBackRequested = true },
		enters("rolling-back", 40, func(r *own.Rotation) { r.Reason = "its owner rolled it back" }))...)
	texts := func(before, after own.Rotation) string {
		var all []string
		for _, n := range newsOf(before, after) {
			all = append(all, n.text)
		}
		return strings.Join(all, "\n")
	}
	late := texts(own.Rotation{}, all[5])
	for _, want := range []string{"rotation-1 of g", "beside", "is delivered", "only token bbbbbbbbbbbb", "note: the token is long"} {
		if strings.Count(late, want) != 1 {
			t.Errorf("%q is not there once:\n%s", want, late)
		}
	}
	if strings.Contains(late, "brownout") {
		t.Errorf("a brownout that found nobody is told as one that did:\n%s", late)
	}
	if got := texts(all[5], all[5]); got != "" {
		t.Errorf("news of nothing: %s", got)
	}
	if got := texts(all[5], all[6]); got != "its owner asked for it to be rolled back" {
		t.Error(got)
	}
	if got := texts(all[6], all[7]); got != "token aaaaaaaaaaaa is on its way back: its owner rolled it back" {
		t.Error(got)
	}
	adopted := looks()[0]
	adopted.FinishOnly, adopted.State, adopted.NewCredential, adopted.RotatedAt, adopted.DeliveredAt = true, "waiting", "bbbbbbbbbbbb", after(0), after(0)
	if got := texts(own.Rotation{}, adopted); got != "rotation-1 of g: token aaaaaaaaaaaa is to end, token bbbbbbbbbbbb stays; finish quiet=10m" {
		t.Error(got)
	}
}

// TestFollowUntilAsked: a rotation that asks gives the terminal back when it is its owner's turn.
func TestFollowUntilAsked(t *testing.T) {
	t.Parallel()
	p := &played{looks: looks(firstHalf[:4]...)}
	for i := range p.looks {
		p.looks[i].Finish = "ask"
	}
	var b strings.Builder
	f := newFollower(&b, p, false)
	f.every, f.asked = time.Millisecond, true
	if err := f.follow(t.Context(), p.looks[0]); err != nil {
		t.Error(err)
	}
	if want := "aikagi token continue g\n"; !strings.HasSuffix(b.String(), want) {
		t.Errorf("got\n%s\nwant it to end with %q", b.String(), want)
	}
}
