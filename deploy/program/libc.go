package program

import (
	"debug/elf"
	"fmt"
	"strconv"
	"strings"
)

// LibC returns the oldest GNU C library that the module can be loaded with, like 2.34. The program itself needs none.
func (b *Build) LibC() (string, error) {
	file, err := elf.Open(b.Module)
	if err != nil {
		return "", fmt.Errorf("look at module: %w", err)
	}
	defer file.Close()
	symbols, err := file.ImportedSymbols()
	if err != nil {
		return "", fmt.Errorf("look at module: %w", err)
	}
	newest := [2]int{}
	for _, s := range symbols {
		version, isLibC := strings.CutPrefix(s.Version, "GLIBC_")
		if !isLibC {
			continue
		}
		if v := parse(version); v[0] > newest[0] || v[0] == newest[0] && v[1] > newest[1] {
			newest = v
		}
	}
	return fmt.Sprintf("%d.%d", newest[0], newest[1]), nil
}

func parse(version string) (v [2]int) {
	major, minor, _ := strings.Cut(version, ".")
	minor, _, _ = strings.Cut(minor, ".") // 2.2.5 is as old as 2.2 for anybody today
	v[0], _ = strconv.Atoi(major)
	v[1], _ = strconv.Atoi(minor)
	return v
}
