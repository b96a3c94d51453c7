// Command gen writes tables_gen.go: the facts about ElastiCache's wire format
// that cannot be read off the SDK's structs by reflection. It takes them from
// the code that AWS generates into the SDK module, at the version that go.mod
// pins, and stops at anything it does not recognise rather than guess.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

const (
	module = "github.com/aws/aws-sdk-go-v2/service/elasticache"
	target = "tables_gen.go"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	source, err := generate()
	if err != nil {
		return err
	}
	return os.WriteFile(target, source, 0o644)
}

// generate gives the content of tables_gen.go; the same module gives the same bytes.
func generate() ([]byte, error) {
	dir, err := moduleDir()
	if err != nil {
		return nil, err
	}
	t := newTables()
	if err := t.read(dir); err != nil {
		return nil, fmt.Errorf("read %s: %w", module, err)
	}
	return t.render()
}

func moduleDir() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("find %s: %w", module, err)
	}
	return strings.TrimSpace(string(out)), nil
}
