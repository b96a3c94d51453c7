package harness

import (
	"fmt"
	"os"
	"slices"
	"testing"
)

// Stage stands in for a test, so that programs can use this package: it has what the
// package calls, and the embedded interface, which is nil, the rest.
type Stage struct {
	testing.TB
	cleanups []func()
	failed   bool
}

// Stopped is the panic with which Fatal ends what is on a stage.
type Stopped struct{ message string }

func (e Stopped) Error() string { return e.message }

// Helper does nothing.
func (s *Stage) Helper() {}

// Failed reports whether Fail was called.
func (s *Stage) Failed() bool { return s.failed }

// Fail has Close show what there is to show of a failure.
func (s *Stage) Fail() { s.failed = true }

// Cleanup keeps fn for Close.
func (s *Stage) Cleanup(fn func()) { s.cleanups = append(s.cleanups, fn) }

// Fatal panics with [Stopped].
func (s *Stage) Fatal(args ...any) { panic(Stopped{fmt.Sprint(args...)}) }

// Fatalf panics with [Stopped].
func (s *Stage) Fatalf(format string, args ...any) { panic(Stopped{fmt.Sprintf(format, args...)}) }

// Errorf writes to the standard error.
func (s *Stage) Errorf(format string, args ...any) { s.Logf(format, args...) }

// Logf writes to the standard error.
func (s *Stage) Logf(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// Close runs the cleanups, the last one first.
func (s *Stage) Close() {
	for _, fn := range slices.Backward(s.cleanups) {
		fn()
	}
	s.cleanups = nil
}
