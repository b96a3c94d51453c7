package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aikagi/aikagi/internal/client"
)

// watchFlags have a command look again and again.
type watchFlags struct {
	Watch    bool          `help:"Repeat until interrupted: redraw on a terminal, print again elsewhere."`
	Interval time.Duration `help:"Time between two updates of --watch, at least 500ms." default:"2s"`
}

// intervalMin keeps a watcher from being a load.
const intervalMin = 500 * time.Millisecond

func (f watchFlags) check() error {
	if f.Interval < intervalMin {
		return fmt.Errorf("--interval %s: want at least %s", f.Interval, intervalMin)
	}
	return nil
}

// watch shows what look writes, again and again. A look that fails is told and does not end
// it: the control plane may be restarting just when it matters.
func (f watchFlags) watch(ctx context.Context, to io.Writer, redraw bool, look func(io.Writer) error) error {
	tick := time.NewTicker(f.Interval)
	defer tick.Stop()
	for first := true; ; first = false {
		var shown bytes.Buffer
		err := look(&shown)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && first, client.IsCode(err, groupNotFound):
			return err
		case err != nil:
			fmt.Fprintln(os.Stderr, "aikagi:", err)
		default:
			if redraw {
				fmt.Fprint(to, "\x1b[H\x1b[2J") // top left, clear
			}
			if _, err := shown.WriteTo(to); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
