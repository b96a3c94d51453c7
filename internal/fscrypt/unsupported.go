//go:build !linux

package fscrypt

import "os"

// Seal returns ErrUnsupported: the kernel is another one.
func Seal(*os.File, []byte) error { return ErrUnsupported }

// KeyOf returns ErrUnsupported.
func KeyOf(*os.File) (*ID, error) { return nil, ErrUnsupported }

// IsOpen returns ErrUnsupported.
func IsOpen(*os.File) (bool, error) { return false, ErrUnsupported }

// Forget returns ErrUnsupported.
func Forget(*os.File, ID) error { return ErrUnsupported }

// Check returns ErrUnsupported.
func Check(string, string) (bool, error) { return false, ErrUnsupported }
