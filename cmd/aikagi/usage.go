package main

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/aikagi/aikagi/internal/client"
)

// usageFlags are those of a command that shows how a group is used.
type usageFlags struct {
	groupFlags
	watchFlags
	outputFlag
}

// about is what such a command is told.
func (f usageFlags) about() usageAbout {
	return usageAbout{f.clientFlags, f.watchFlags, f.outputFlag, f.Group}
}

// usageAbout is whom a command shows the use of, and how.
type usageAbout struct {
	clientFlags
	watchFlags
	outputFlag
	id string
}

// usageView is what such a command shows.
type usageView[T any] struct {
	usageAbout
	ask      func(*client.Client, context.Context, string) (T, error)
	table    func(io.Writer, T) error
	complete func(T) bool
}

// run shows usage once, or until it is interrupted. Shown once and not complete, it is an error of [exitPartial].
func (v usageView[T]) run(ctx context.Context) error {
	if err := v.check(); err != nil {
		return err
	}
	api, err := v.connect()
	if err != nil {
		return err
	}
	if v.Watch {
		return v.watch(ctx, os.Stdout, isTerminal(os.Stdout), v.look(ctx, api))
	}
	usage, err := v.ask(api, ctx, v.id)
	if err != nil {
		return err
	}
	if err := v.show(os.Stdout, usage, v.tableOf(usage)); err != nil {
		return err
	}
	if !v.complete(usage) {
		return exitError{exitPartial, errors.New("not every node could tell: figures are lower bounds")}
	}
	return nil
}

// look shows usage once, for a watcher.
func (v usageView[T]) look(ctx context.Context, api *client.Client) func(io.Writer) error {
	return func(to io.Writer) error {
		usage, err := v.ask(api, ctx, v.id)
		if err != nil {
			return err
		}
		return v.showNext(to, usage, v.tableOf(usage))
	}
}

func (v usageView[T]) tableOf(usage T) func(io.Writer) error {
	return func(to io.Writer) error { return v.table(to, usage) }
}
