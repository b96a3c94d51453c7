package server_test

import (
	"testing"

	"github.com/aikagi/aikagi/internal/server"
)

func TestParseNodeMemory(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"": 0, "24GiB": 24 << 30, "512 MiB": 512 << 20, "1GB": 1e9, "65536": 65536} {
		if got, err := server.ParseNodeMemory(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"much", "0", "-1GiB", "24Gi8", "99999999999999999999", "9999999PiB"} {
		if got, err := server.ParseNodeMemory(text); err == nil {
			t.Errorf("%q: %d, want an error", text, got)
		}
	}
	if got, err := server.ParseNodeMemory("machine"); err != nil || got < 64<<20 {
		t.Errorf("machine: %d, %v", got, err)
	}
}
