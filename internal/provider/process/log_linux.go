package process

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/aikagi/aikagi/internal/provider"
)

// lastLinesBytes bounds what is read of a log: an engine that crashes writes a report of some 20 kB.
// lineBytes bounds each line.
const (
	lastLinesBytes = 64 << 10
	lineBytes      = 400
)

// rotateLogs shortens the logs of all nodes.
func (p *Provider) rotateLogs() {
	for _, s := range p.List() {
		if err := p.rotateLog(s.Node); err != nil && !errors.Is(err, provider.ErrAbsent) {
			p.log.Warn("rotate log", "node", s.Node, "error", err)
		}
	}
}

// rotateLog renames the log, which is enough because engines open theirs for each
// line (Valkey and Redis: serverLogRaw in server.c). StartLog is held open, for append,
// and therefore cut off.
func (p *Provider) rotateLog(name provider.NodeName) error {
	root, err := p.openNode(name)
	if err != nil {
		return err
	}
	defer root.Close()
	if p.tooLong(root, StartLog) {
		if err := truncate(root, StartLog); err != nil {
			return err
		}
	}
	if !p.tooLong(root, provider.EngineLog) {
		return nil
	}
	for i := p.options.LogFiles - 1; i > 0; i-- {
		if err := root.Rename(logName(i-1), logName(i)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// logName is the name of the i-th newest file of the log.
func logName(i int) string {
	if i == 0 {
		return provider.EngineLog
	}
	return fmt.Sprintf("%s.%d", provider.EngineLog, i)
}

func (p *Provider) tooLong(root *os.Root, name string) bool {
	info, err := root.Stat(name)
	return err == nil && info.Size() > p.options.LogBytes
}

func truncate(root *os.Root, name string) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// LastLines reads what the last process wrote from the ends of the node's files.
func (p *Provider) LastLines(name provider.NodeName) []string {
	p.mu.Lock()
	n := p.nodes[name]
	known := n != nil && n.proc == nil && !n.exitedAt.IsZero()
	var since time.Time
	if known {
		since = n.startedAt
	}
	p.mu.Unlock()
	if !known {
		return nil
	}
	root, err := p.openNode(name)
	if err != nil {
		return nil
	}
	defer root.Close()
	return append(lastLines(root, provider.EngineLog, since), lastLines(root, StartLog, since)...)
}

// lastLines returns nothing of a file that was not written to since then.
func lastLines(root *os.Root, name string, since time.Time) []string {
	f, err := openRegular(root, name)
	if err != nil {
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	// File times are a clock tick behind.
	if err != nil || info.ModTime().Before(since.Add(-20*time.Millisecond)) {
		return nil
	}
	tail, err := io.ReadAll(io.NewSectionReader(f, max(0, info.Size()-lastLinesBytes), lastLinesBytes))
	if err != nil {
		return nil
	}
	var lines []string
	for line := range bytes.Lines(tail) {
		if text := readable(line); text != "" {
			lines = append(lines, text)
		}
	}
	return lines
}

func readable(line []byte) string {
	line = line[:min(len(line), lineBytes)]
	return strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, string(line))
}
