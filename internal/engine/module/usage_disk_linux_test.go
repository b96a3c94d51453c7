package module

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestUsageOnFullDisk: the file is had as a whole or not at all, so that no store can meet a
// page without a place on the disk, which would kill the engine.
func TestUsageOnFullDisk(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true, tokenA))
		e.kill()
		if err := syscall.Mount("tmpfs", e.dir, "tmpfs", 0, "size=512k,mode=0700"); err != nil {
			t.Skipf("no file system can be mounted here: %v", err)
		}
		t.Cleanup(func() {
			e.kill()
			if err := syscall.Unmount(e.dir, syscall.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
		e.writeUsers(state(true, tokenA)...)
		ballast := filepath.Join(e.dir, "ballast")
		if err := os.WriteFile(ballast, bytes.Repeat([]byte("x"), 400<<10), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, survives := range []string{"0", "1"} {
			e.start()
			e.short("AUTH", tokenA)
			r := e.awaitUsage(e.admin(), map[string]int{tokenA + " closed": 1})
			if r["usage 1"]["survives"] != survives {
				t.Errorf("survives=%s: %v", survives, r["usage 1"])
			}
			e.kill()
			if err := os.Remove(ballast); survives == "0" && err != nil {
				t.Fatal(err)
			}
		}
	})
}
