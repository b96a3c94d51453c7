package delivery_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/delivery"
)

// receiver is a target of its own, and how to look at it from outside.
type receiver struct {
	target  rotation.Target
	options delivery.Options
	inUse   func(t *testing.T) string // what a reader gets now
	// rest says what else is there after a rotation has ended; it must be empty.
	rest func(t *testing.T) string
}

const oldToken = "the-former-token-0123456789"

// receivers make a new receiver each time, with oldToken in use.
func receivers(t *testing.T) map[string]func(*testing.T) receiver {
	made := map[string]func(*testing.T) receiver{
		"file":    func(t *testing.T) receiver { return newFile(t) },
		"command": func(t *testing.T) receiver { return newCommand(t) },
	}
	for name, endpoint := range secretServers(t) {
		made["secret/"+name] = func(t *testing.T) receiver { return newSecret(t, endpoint, "") }
		made["secret in JSON/"+name] = func(t *testing.T) receiver { return newSecret(t, endpoint, "password") }
	}
	return made
}

// each runs a test with every kind of receiver.
func each(t *testing.T, test func(t *testing.T, fresh func(*testing.T) receiver)) {
	t.Parallel()
	for name, fresh := range receivers(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, fresh)
		})
	}
}

func (r receiver) open(t *testing.T) delivery.Delivery {
	t.Helper()
	d, err := delivery.New(r.target, r.options)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (r receiver) mustUse(t *testing.T, want string) {
	t.Helper()
	if got := r.inUse(t); got != want {
		t.Fatalf("in use is not the expected token: got the %s", which(got, want))
	}
}

func which(got, want string) string {
	if got == oldToken {
		return "old one"
	}
	return fmt.Sprintf("%q, want %q", got, want)
}

func must(t *testing.T, d delivery.Delivery, change delivery.Change, calls ...string) {
	t.Helper()
	for _, name := range calls {
		if err := call(d, name, change); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

func TestEveryCallCanBeRepeated(t *testing.T) {
	each(t, func(t *testing.T, fresh func(*testing.T) receiver) {
		r, secret := fresh(t), token.Generate()
		d, change := r.open(t), changeOf("r1", secret)
		if err := d.Check(context.Background()); err != nil {
			t.Fatal(err)
		}
		must(t, d, change, "stage", "stage")
		r.mustUse(t, oldToken)
		must(t, d, change, "deliver", "deliver", "deliver")
		r.mustUse(t, secret.Reveal())
		must(t, d, change, "stage") // a late repetition
		r.mustUse(t, secret.Reveal())
		must(t, d, change, "finish", "finish")
		r.mustUse(t, secret.Reveal())
		if rest := r.rest(t); rest != "" {
			t.Fatalf("left behind: %s", rest)
		}
		next := token.Generate()
		must(t, d, changeOf("r2", next), "stage", "deliver", "finish")
		r.mustUse(t, next.Reveal())
	})
}

func TestRevert(t *testing.T) {
	each(t, func(t *testing.T, fresh func(*testing.T) receiver) {
		for _, before := range [][]string{{}, {"stage"}, {"deliver"}, {"stage", "deliver", "deliver"}} {
			r, secret := fresh(t), token.Generate()
			d, change := r.open(t), changeOf("r1", secret)
			must(t, d, change, before...)
			change.Token = token.Token{} // the fingerprint is enough
			must(t, d, change, "revert", "revert")
			r.mustUse(t, oldToken)
			if rest := r.rest(t); rest != "" {
				t.Fatalf("%v: left behind: %s", before, rest)
			}
			// The rotation may begin again.
			must(t, d, changeOf("r1", secret), "stage", "deliver")
			r.mustUse(t, secret.Reveal())
			must(t, d, changeOf("r1", secret), "revert")
			r.mustUse(t, oldToken)
		}
	})
}

// Killed at every point of every call, a repetition of the call ends in the same
// place, and so does a Revert instead.
func TestKilledAtEveryPoint(t *testing.T) {
	cases := []struct {
		before []string
		call   string
		newer  bool // the new token is in use afterwards
	}{
		{nil, "stage", false},
		{nil, "deliver", true},
		{[]string{"stage"}, "deliver", true},
		{[]string{"stage"}, "revert", false},
		{[]string{"stage", "deliver"}, "revert", false},
		{[]string{"stage", "deliver"}, "finish", true},
	}
	each(t, func(t *testing.T, fresh func(*testing.T) receiver) {
		points := 0
		for _, c := range cases {
			for _, then := range []string{c.call, "revert"} {
				if c.call == "finish" && then == "revert" {
					continue // after SET there is no way back
				}
				for n := 1; ; n++ {
					r, secret := fresh(t), token.Generate()
					d, change := r.open(t), changeOf("r1", secret)
					must(t, d, change, c.before...)
					if !killed(t, r, c.call, change, n) {
						break
					}
					points++
					if now := r.inUse(t); now != oldToken && now != secret.Reveal() {
						t.Fatalf("%s killed at point %d: half a token is in use: %q", c.call, n, now)
					}
					must(t, d, change, then)
					want := oldToken
					if c.newer && then == c.call {
						want = secret.Reveal()
					}
					r.mustUse(t, want)
					if then == "deliver" {
						must(t, d, change, "finish")
					}
					if rest := r.rest(t); then != "stage" && rest != "" {
						t.Fatalf("%s killed at point %d, then %s: left behind: %s", c.call, n, then, rest)
					}
				}
			}
		}
		t.Logf("killed %d times", points)
		if points < 8 {
			t.Fatalf("only %d kills: the points are not reached", points)
		}
	})
}

func TestNoSecretInLogsAndErrors(t *testing.T) {
	each(t, func(t *testing.T, fresh func(*testing.T) receiver) {
		r, secret := fresh(t), token.Generate()
		var logged bytes.Buffer
		r.options.Logger = slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
		d := r.open(t)
		must(t, d, changeOf("r1", secret), "stage", "deliver", "revert", "finish")
		other := token.Generate()
		must(t, d, changeOf("r1", token.Generate()), "finish")
		err := errors.Join(call(d, "stage", changeOf("r1", other)), d.Deliver(context.Background(), delivery.Change{Token: secret}),
			d.Deliver(context.Background(), delivery.Change{RotationID: "r", Fingerprint: "000000000000", Token: secret}))
		for _, secret := range []string{secret.Reveal(), other.Reveal(), oldToken} {
			if bytes.Contains(logged.Bytes(), []byte(secret)) || bytes.Contains([]byte(fmt.Sprintf("%+v", err)), []byte(secret)) {
				t.Fatal("a token is in the log or in an error")
			}
		}
		if r.target.Command != nil && !bytes.Contains(logged.Bytes(), []byte("***")) {
			t.Fatalf("the program prints the token, but nothing was redacted: %s", logged.String())
		}
	})
}
