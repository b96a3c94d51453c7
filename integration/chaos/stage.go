package main

import (
	"fmt"
	"os"
	"slices"
	"testing"
)

// stage stands in for a test, so that the harness of the tests can be used: it has
// what the harness calls, and the embedded interface, which is nil, the rest.
type stage struct {
	testing.TB
	cleanups []func()
}

func (s *stage) Helper()                           {}
func (s *stage) Failed() bool                      { return false }
func (s *stage) Cleanup(fn func())                 { s.cleanups = append(s.cleanups, fn) }
func (s *stage) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
func (s *stage) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (s *stage) Errorf(format string, args ...any) { s.Logf(format, args...) }
func (s *stage) Logf(format string, args ...any)   { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// close runs the cleanups, the last one first.
func (s *stage) close() {
	for _, fn := range slices.Backward(s.cleanups) {
		fn()
	}
	s.cleanups = nil
}
