package process_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/provider"
	"github.com/aikagi/aikagi/internal/provider/process"
)

func TestBadConfigurationIsExplained(t *testing.T) {
	t.Parallel()
	for _, program := range engines {
		t.Run(filepath.Base(program), func(t *testing.T) {
			t.Parallel()
			p, _ := open(t, process.Options{Dir: tempDir(t)})
			install(t, p, node, engineFiles("no-such-directive 1")...)
			start(t, p, node, engineLaunch(program))
			wantLastLine(t, p, "Bad directive or wrong number of arguments")
			// The next error comes after the log was opened.
			install(t, p, node, engineFiles("aclfile no-such-file")...)
			start(t, p, node, engineLaunch(program))
			wantLastLine(t, p, "ACL errors")
		})
	}
}

func wantLastLine(t *testing.T, p *process.Provider, words string) {
	t.Helper()
	if e := takeExit(t, p); e.Reason != "exit status 1" {
		t.Errorf("reason %q, want exit status 1", e.Reason)
	}
	lines := p.LastLines(node)
	if len(lines) == 0 || !strings.Contains(lines[len(lines)-1], words) {
		t.Errorf("last lines %q, want the engine's words %q at their end", lines, words)
	}
}

func TestLogRotation(t *testing.T) {
	t.Parallel()
	for _, program := range engines {
		t.Run(filepath.Base(program), func(t *testing.T) {
			t.Parallel()
			p, _ := open(t, process.Options{Dir: tempDir(t), LogBytes: 4 << 10, LogInterval: time.Millisecond})
			install(t, p, node, engineFiles()...)
			start(t, p, node, engineLaunch(program))
			waitReady(t, p, node)
			newest := func(i int) string {
				answer, err := command(p, node, "CONFIG SET loglevel verbose") // each connection now logs lines
				if err != nil {
					t.Fatal(i, answer, err)
				}
				log, _ := p.ReadFile(node, provider.EngineLog+".2")
				return string(log)
			}
			i := 0
			eventually(t, "three files", func() bool { i++; return newest(i) != "" })
			if _, err := p.ReadFile(node, provider.EngineLog+".3"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("a fourth file: %v", err)
			}
			eventually(t, "the engine to write on", func() bool {
				newest(0)
				log, err := p.ReadFile(node, provider.EngineLog)
				return err == nil && len(log) > 0
			})
		})
	}
}

func TestStartLogIsBounded(t *testing.T) {
	t.Parallel()
	p, _ := open(t, process.Options{Dir: tempDir(t), LogBytes: 4 << 10, LogInterval: time.Millisecond})
	install(t, p, node)
	start(t, p, node, provider.Launch{Engine: named("/bin/sh"), Args: []string{"-c", "yes | head -c 65536; echo end; exec sleep 600"}})
	eventually(t, "the log to be cut off", func() bool {
		log, err := p.ReadFile(node, process.StartLog)
		return err == nil && len(log) <= 4<<10 && written(p)
	})
}

// written says that the shell of TestStartLogIsBounded has become sleep.
func written(p *process.Provider) bool {
	comm, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", p.Inspect(node).PID))
	return string(comm) == "sleep\n"
}
