package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/aikagi/aikagi/internal/engine/module"
)

type moduleCommand struct {
	Build moduleBuild `cmd:"" help:"Build the engine module into a directory, for machines without a C compiler."`
}

type moduleBuild struct {
	Dir  string `help:"Directory to build into. Default: the program's own directory, where serve looks for it." type:"path" placeholder:"DIR"`
	Arch string `help:"Build it for machines of this architecture: amd64 or arm64. Default: this one's." placeholder:"ARCH"`
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
	arch := cmp.Or(c.Arch, runtime.GOARCH)
	path, err := module.BuildFor(ctx, dir, arch)
	if err != nil {
		return err
	}
	fmt.Println(path)
	return nil
}
