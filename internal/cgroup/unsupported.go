//go:build !linux

package cgroup

import (
	"errors"
	"fmt"
	"runtime"
)

// Tree cannot be had on this operating system.
type Tree struct{}

var errSystem = fmt.Errorf("%s has no control groups: %w", runtime.GOOS, errors.ErrUnsupported)

// Dir is empty.
func (*Tree) Dir() string { return "" }

// Place returns an error wrapping [errors.ErrUnsupported].
func (*Tree) Place(string, int, int) (string, error) { return "", errSystem }

// Open returns an error wrapping [errors.ErrUnsupported].
func Open() (*Tree, error) { return nil, errSystem }

// Check returns an error wrapping [errors.ErrUnsupported].
func Check() (string, error) { return "", errSystem }

// Remove has nothing to do.
func Remove(string) {}
