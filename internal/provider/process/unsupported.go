//go:build !linux

package process

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/aikagi/aikagi/internal/provider"
)

// Provider cannot be had on this operating system.
type Provider struct{ provider.Provider }

// New returns an error wrapping [errors.ErrUnsupported].
func New(Options) (*Provider, error) {
	return nil, fmt.Errorf("open process provider: %s: %w", runtime.GOOS, errors.ErrUnsupported)
}

// CheckUsers returns an error wrapping [errors.ErrUnsupported].
func CheckUsers(context.Context, ...string) error {
	return fmt.Errorf("run nodes as other users: %s: %w", runtime.GOOS, errors.ErrUnsupported)
}
