package module

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// testContext outlives single tests: the first one that needs the module builds it for all.
var testContext = context.Background()

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := moduleOnce(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}
