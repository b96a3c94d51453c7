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

// lastWordsBytes bounds what an exit's reason quotes of a log.
const lastWordsBytes = 200

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

// lastWords is ": " and the last line that the process wrote, or "": printed, if it
// did not get as far as opening its log.
func (p *Provider) lastWords(name provider.NodeName, since time.Time) string {
	root, err := p.openNode(name)
	if err != nil {
		return ""
	}
	defer root.Close()
	for _, log := range []string{StartLog, provider.EngineLog} {
		if line := lastLine(root, log, since); line != "" {
			return ": " + line
		}
	}
	return ""
}

// lastLine returns nothing of a file that was not written to since then.
func lastLine(root *os.Root, name string, since time.Time) string {
	f, err := root.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	info, err := f.Stat()
	// File times are a clock tick behind.
	if err != nil || info.ModTime().Before(since.Add(-20*time.Millisecond)) {
		return ""
	}
	const enough = 4 << 10
	tail, err := io.ReadAll(io.NewSectionReader(f, max(0, info.Size()-enough), enough))
	if err != nil {
		return ""
	}
	tail = bytes.TrimSpace(tail)
	return readable(tail[bytes.LastIndexByte(tail, '\n')+1:])
}

func readable(line []byte) string {
	line = line[:min(len(line), lastWordsBytes)]
	return strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, string(line))
}
