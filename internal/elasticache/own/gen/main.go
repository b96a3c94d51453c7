// Command gen writes web/src/api/own.gen.ts: the console's types and decoders of our own actions, made of their declaration
// in package own. It stops at anything that it does not recognise rather than guess.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// target is what is written, seen from package own.
const target = "../../../web/src/api/own.gen.ts"

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(own string) error {
	source, err := generate(own)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(own, target), source, 0o644)
}

// generate gives the content of own.gen.ts; the same declaration gives the same bytes. Own is where package own is.
func generate(own string) ([]byte, error) {
	d, err := readDeclaration(own)
	if err != nil {
		return nil, fmt.Errorf("read package own: %w", err)
	}
	return d.render()
}
