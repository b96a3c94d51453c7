package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/trust"
)

type trustCommand struct {
	dataDirFlag
	Uninstall bool `help:"Remove the CA from the trust store."`
}

// Run changes the system's trust store and says what it did.
func (c *trustCommand) Run(ctx context.Context) error {
	path := datadir.AuthorityPath(c.path())
	authority, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the CA, which the first start of aikagi serve makes: %w", err)
	}
	store, err := trust.Detect(os.DirFS("/"), func(command string) bool {
		_, err := exec.LookPath(command)
		return err == nil
	})
	if err != nil {
		return err
	}
	command := quoteArg(os.Args[0]) + " trust --data-dir " + quoteArg(c.path())
	plan, err := store.Install(authority, command)
	if c.Uninstall {
		plan, err = store.Uninstall(authority, command)
	}
	if err != nil {
		return err
	}
	_, err = trust.Apply(ctx, "/", plan, func(ctx context.Context, command []string) ([]byte, error) {
		return exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput()
	})
	if err != nil {
		return err
	}
	fmt.Print(plan.Describe(path))
	return nil
}
