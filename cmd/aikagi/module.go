package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aikagi/aikagi/internal/engine/module"
)

type moduleCommand struct {
	Build moduleBuild `cmd:"" help:"Build the engine module into a directory, for machines without a C compiler."`
}

type moduleBuild struct {
	Dir string `help:"Directory to build into. Default: the program's own directory, where serve looks for it." type:"path" placeholder:"DIR"`
}

// Run builds the module, unless it is there already.
func (c *moduleBuild) Run(ctx context.Context) error {
	dir := c.Dir
	if dir == "" {
		program, err := os.Executable()
		if err != nil {
			return fmt.Errorf("find own program: %w", err)
		}
		dir = filepath.Dir(program)
	}
	path, err := module.Build(ctx, dir)
	if err != nil {
		return err
	}
	fmt.Println(path)
	return nil
}
