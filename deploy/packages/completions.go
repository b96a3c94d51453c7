package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// places are where shells look for what packages bring. That for zsh would have to be of another form than the program prints.
var places = map[string]string{
	"bash": "/usr/share/bash-completion/completions/aikagi",
	"fish": "/usr/share/fish/vendor_completions.d/aikagi.fish",
}

// makeCompletions has the program print them, as it will when it is installed.
func makeCompletions(ctx context.Context, program, dir string) (map[string]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	made := map[string]string{}
	for shell, place := range places {
		code, err := exec.CommandContext(ctx, program, "completion", shell).Output()
		if err != nil {
			return nil, fmt.Errorf("print completion for %s: %w", shell, err)
		}
		if !bytes.Contains(code, []byte(program)) {
			return nil, fmt.Errorf("the completion for %s does not call the program", shell)
		}
		file := filepath.Join(dir, shell)
		if err := os.WriteFile(file, bytes.ReplaceAll(code, []byte(program), []byte("/usr/bin/aikagi")), 0o600); err != nil {
			return nil, err
		}
		made[file] = place
	}
	return made, nil
}
