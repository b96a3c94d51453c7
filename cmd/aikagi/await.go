package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aikagi/aikagi/internal/client"
)

// waitFlags say how long a command that changes a group stays.
type waitFlags struct {
	NoWait  bool          `help:"Return as soon as the change is accepted; do not wait until it is done."`
	Timeout time.Duration `help:"How long to wait; the change goes on after that." default:"10m"`
}

// awaitEvery is how often progress is asked for.
const awaitEvery = 200 * time.Millisecond

// await shows a group's progress until it is available, or gone. found is false once it is gone.
func (f waitFlags) await(ctx context.Context, api *client.Client, id string) (g client.Group, found bool, err error) {
	found = true
	err = f.until(ctx, id, "aikagi status "+id+" --watch", func(ctx context.Context) (text string, over bool, err error) {
		g, err = api.Group(ctx, id)
		switch {
		case client.IsCode(err, groupNotFound):
			found = false
			return "", true, nil
		case err != nil:
			return "", false, err
		case g.Status == "create-failed":
			return "", true, fmt.Errorf("%s is %s; remove it: aikagi delete %[1]s", id, because(g.Status, g.StatusReason))
		}
		return progressText(g), g.Status == "available", nil
	})
	return g, found, err
}

// until tells how a change goes, in the words of look, until look says that it is over, or how it failed. After the time limit it names
// the command that shows how the change goes on.
func (f waitFlags) until(ctx context.Context, id, follow string, look func(context.Context) (text string, over bool, err error)) error {
	limited, cancel := context.WithTimeout(ctx, f.Timeout)
	defer cancel()
	p := progress{to: os.Stderr, live: isTerminal(os.Stderr), began: time.Now()}
	defer p.wipe()
	for {
		text, over, err := look(limited)
		var away *client.UnreachableError
		switch {
		case over:
			return err
		case limited.Err() != nil:
			return exitError{exitUnderWay, fmt.Errorf("%s is not done yet, and carries on; follow it: %s", id, follow)}
		case errors.As(err, &away): // it is being restarted, perhaps
			text = "the server does not answer; trying again"
		case err != nil:
			return err
		}
		p.tell(text)
		select {
		case <-limited.Done():
		case <-time.After(awaitEvery):
		}
	}
}

func progressText(g client.Group) string {
	ready := 0
	for _, n := range g.Nodes {
		if n.Status == "available" {
			ready++
		}
	}
	text := fmt.Sprintf("%s is %s", g.ReplicationGroupId, because(g.Status, g.StatusReason))
	if g.Status == "creating" && len(g.Nodes) > 1 {
		text += fmt.Sprintf(", %d of %d nodes are ready", ready, len(g.Nodes))
	}
	return text
}

// progress is one line that is redrawn on a terminal, and lines where it changes elsewhere.
type progress struct {
	to    io.Writer
	live  bool
	began time.Time
	last  string
}

func (p *progress) tell(text string) {
	switch {
	case p.live:
		fmt.Fprintf(p.to, "\r\x1b[K%s (%s)", fit(text), brief(time.Since(p.began)))
	case text != p.last:
		fmt.Fprintln(p.to, text)
	}
	p.last = text
}

func (p *progress) wipe() {
	if p.live && p.last != "" {
		fmt.Fprint(p.to, "\r\x1b[K")
	}
}
