package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/server"
)

// onStopDown is the word for ending the engines with serve.
const onStopDown = "down"

// saveTime is how long the engines may take to save their data. Who cannot wait so long sends another signal, or kills.
const saveTime = 5 * time.Minute

// afterwards does with the engines what was asked for, when the control plane has ended. It gives up the directory, if it has that still.
func (c *serveCommand) afterwards(to io.Writer, dir *datadir.Dir) error {
	if dir == nil {
		fmt.Fprintf(to, "aikagi: stopped; the engines go on running (aikagi down --data-dir %s stops them)\n", quoteArg(c.path()))
		return nil
	}
	// The signal that ended the control plane has ended its context. The next one ends this.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, saveTime)
	defer cancel()
	stopped, err := server.Down(ctx, dir, func(what string) { fmt.Fprintln(to, "aikagi:", what) })
	if err = errors.Join(err, dir.Close()); err == nil {
		fmt.Fprintf(to, "aikagi: stopped, and %d engines with it, their data saved\n", stopped)
	}
	return err
}
