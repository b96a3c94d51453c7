package trial

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/aikagi/aikagi/integration/harness"
)

func TestMain(m *testing.M) {
	code := m.Run()
	harness.RemoveBinary()
	os.Exit(code)
}

// The referee must be able to see two primaries: here are two groups that pass for one.
func TestRefereeSeesTwoPrimaries(t *testing.T) {
	t.Parallel()
	program, err := harness.Binary()
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPlane(t, program, Fault{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	engine := harness.Engines(t)[0]
	both, err := createGroup(ctx, p, spec{"one", "one-token-of-two-groups", engine, 0, false})
	if err != nil {
		t.Fatal(err)
	}
	other, err := createGroup(ctx, p, spec{"two", both.token, engine, 0, false})
	if err != nil {
		t.Fatal(err)
	}
	both.nodes["two-001"] = other.nodes["two-001"]
	both.readerEndpoint = both.primaryEndpoint // a group of one has none

	r := newReferee(both)
	load, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.run(load)
	}()
	err = await(ctx, func() error {
		if writes, _ := r.ledger.read(); len(doublePrimaries(writes)) == 0 {
			return errNotSeen
		}
		return nil
	})
	stop()
	<-ended
	if err != nil {
		t.Error(err)
	}
}

var errNotSeen = errors.New("no double primary was seen")
