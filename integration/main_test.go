package integration

import (
	"os"
	"testing"

	"github.com/aikagi/aikagi/integration/harness"
)

func TestMain(m *testing.M) {
	code := m.Run()
	harness.RemoveBinary()
	os.Exit(code)
}
