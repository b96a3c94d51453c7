package process_test

import (
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
	"github.com/aikagi/aikagi/internal/provider/providertest"
)

// TestMain lets the test binary be the suite's program and a control plane that tests
// can kill.
func TestMain(m *testing.M) {
	providertest.RunProgram()
	if len(os.Args) == 5 && os.Args[1] == planeMarker {
		if err := runPlane(os.Args[2], os.Args[3], os.Args[4]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	// Orphans of the control planes that tests kill come to this process, for not every
	// machine's init process reaps.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	for {
		if pid, err := unix.Wait4(-1, nil, unix.WNOHANG, nil); pid <= 0 || err != nil {
			break
		}
	}
	os.Exit(code)
}

func TestConformance(t *testing.T) {
	t.Parallel()
	providertest.Exercise(t, providertest.Suite{Open: func(t *testing.T, dir string) provider.Provider {
		p, err := process.New(process.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}})
}
