//go:build !linux

package sqlite

import "os"

// allocate does nothing: a control plane serves on Linux only.
func allocate(*os.File, int64) error { return nil }
