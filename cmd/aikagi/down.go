package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/server"
)

type downCommand struct {
	dataDirFlag
	Timeout time.Duration `help:"How long the engines may take to save their data." default:"5m"`
}

// Run ends the control plane, if one runs, and then every engine.
func (c *downCommand) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	path := c.path()
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("no data directory: %w", err)
	}
	dir, err := c.take(ctx, path)
	if err != nil {
		return err
	}
	stopped, err := server.Down(ctx, dir, func(what string) { fmt.Println(what) })
	fmt.Printf("%d engines stopped, their data saved in %s\n", stopped, path)
	return errors.Join(err, dir.Close())
}

// take gets hold of the directory, asking the control plane that has it to end.
func (c *downCommand) take(ctx context.Context, path string) (*datadir.Dir, error) {
	dir, err := datadir.Open(path)
	if !errors.Is(err, datadir.ErrInUse) {
		return dir, err
	}
	pid, err := datadir.Holder(path)
	if err != nil {
		return nil, err
	}
	if !datadir.Alive(pid) { // it was killed, and a child of it is not an engine yet
		return datadir.Wait(ctx, path)
	}
	fmt.Printf("ending the control plane (process %d)\n", pid)
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return nil, fmt.Errorf("end the control plane: %w", err)
	}
	return datadir.Wait(ctx, path)
}
