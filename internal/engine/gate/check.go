package gate

import (
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// ErrUngated says that an engine cannot have a gate.
var ErrUngated = errors.New("engine cannot have a gate")

// Check says whether the program of an engine can have a gate: it has to be linked dynamically, and to call the system through the C
// library for what the gate stands in front of. A script is believed to begin such a program: one that does not ends at once, for want
// of an address. The error is [ErrUngated], with the reason, or one of package io/fs.
func Check(program string) error {
	file, err := elf.Open(program)
	var format *elf.FormatError
	switch {
	case errors.As(err, &format) && isScript(program):
		return nil
	case errors.As(err, &format):
		return fmt.Errorf("%w: %s is no program of this system", ErrUngated, program)
	case err != nil:
		return fmt.Errorf("look at engine: %w", err)
	}
	defer file.Close()
	if libraries, err := file.ImportedLibraries(); err != nil || len(libraries) == 0 {
		return fmt.Errorf("%w: %s is linked statically; install a build that is linked dynamically, as distributions have it", ErrUngated, program)
	}
	symbols, err := file.ImportedSymbols()
	if err != nil {
		return fmt.Errorf("%w: the symbols of %s cannot be read (%w)", ErrUngated, program, err)
	}
	imports := func(names ...string) bool {
		return slices.ContainsFunc(symbols, func(s elf.ImportedSymbol) bool { return slices.Contains(names, s.Name) })
	}
	if !imports("bind") || !imports("listen") || !imports("accept", "accept4") || !imports("close") {
		return fmt.Errorf("%w: %s does not open its listeners through the C library", ErrUngated, program)
	}
	return nil
}

func isScript(program string) bool {
	file, err := os.Open(program)
	if err != nil {
		return false
	}
	defer file.Close()
	var first [2]byte
	_, err = io.ReadFull(file, first[:])
	return err == nil && string(first[:]) == "#!"
}
