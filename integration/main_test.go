package integration

import (
	"fmt"
	"os"
	"testing"

	"github.com/aikagi/aikagi/integration/harness"
)

func TestMain(m *testing.M) {
	if os.Getenv(crowdProcess) != "" {
		if err := joinCrowd(os.Args[1], os.Args[2], os.Args[3], os.Args[4]); err != nil {
			fmt.Fprintln(os.Stderr, "a part of a crowd:", err)
			os.Exit(1)
		}
		return
	}
	code := m.Run()
	harness.RemoveBinary()
	os.Exit(code)
}
