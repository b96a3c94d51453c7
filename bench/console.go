package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/web"
)

const (
	scriptsTarget = 450.0  // kB, gzipped
	paintTarget   = 1000.0 // milliseconds
	consoleGroups = 1000
)

// console measures what the console costs whoever opens it: its scripts, and the time until
// the list of caches is on the screen, with a few groups and with a thousand.
func console(ctx context.Context, s *session) error {
	size, err := scriptSize(web.Dist())
	if err != nil {
		return err
	}
	s.record(Measurement{Name: "console: all of its JavaScript, gzipped", Unit: Kilobytes, Samples: []float64{size}, Target: &Target{Statistic: "max", AtMost: scriptsTarget}})
	server := harness.New(s.stage, "--log-level", "warn")
	server.Program, server.Range = s.program, fmt.Sprintf("127.%d.0.0/16", 225+os.Getpid()%15)
	server.Start()
	few := s.samples(10, 3)
	for n := range few {
		if _, err := s.group(ctx, server, fmt.Sprintf("cache-%04d", n), 0, ""); err != nil {
			return err
		}
	}
	open := func() (opened, error) {
		link, err := server.Client().ConsoleLink(ctx)
		if err != nil {
			return opened{}, err
		}
		return openConsole(ctx, consoleVisit{Link: link.Url, Runs: s.samples(15, 3)})
	}
	seen, err := open()
	if err != nil {
		return err
	}
	s.record(Measurement{Name: fmt.Sprintf("console: first paint, %d groups", few), Unit: Milliseconds, Samples: seen.Paint})
	s.record(Measurement{Name: fmt.Sprintf("console: list on the screen, %d groups, empty cache", few), Unit: Milliseconds, Samples: seen.Useful, Target: &Target{Statistic: "median", AtMost: paintTarget}})

	many := s.samples(consoleGroups, 50)
	creations, creating := errgroup.WithContext(ctx)
	creations.SetLimit(fleetAtOnce)
	for n := few; n < many; n++ {
		creations.Go(func() error {
			_, err := s.group(creating, server, fmt.Sprintf("cache-%04d", n), 0, "")
			return err
		})
	}
	if err := creations.Wait(); err != nil {
		return err
	}
	if err := pause(ctx, s.duration(10*time.Second, time.Second)); err != nil {
		return err
	}
	if seen, err = open(); err != nil {
		return err
	}
	s.record(Measurement{Name: fmt.Sprintf("console: list on the screen, %d groups, empty cache", many), Unit: Milliseconds, Samples: seen.Useful})
	return nil
}

// scriptSize is how many kB all scripts come to when they are compressed as the server does.
func scriptSize(dist fs.FS) (kB float64, err error) {
	var total int
	err = fs.WalkDir(dist, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".js") {
			return err
		}
		script, err := fs.ReadFile(dist, path)
		if err != nil {
			return err
		}
		var small bytes.Buffer
		zip, _ := gzip.NewWriterLevel(&small, gzip.BestCompression) // the level is a valid one
		_, _ = zip.Write(script)                                    // a buffer takes every write
		_ = zip.Close()
		total += small.Len()
		return nil
	})
	if err == nil && total == 0 {
		err = errors.New("the console is not built; run make build first")
	}
	return float64(total) / 1000, err
}

// consoleVisit is what the script in web/bench is asked for.
type consoleVisit struct {
	Link string `json:"link"` // a secret, so it is no argument
	Runs int    `json:"runs"`
}

// opened is what it answers, in milliseconds.
type opened struct {
	Paint  []float64 `json:"paint"`
	Useful []float64 `json:"useful"`
}

func openConsole(ctx context.Context, v consoleVisit) (opened, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	wish, err := json.Marshal(v)
	if err != nil {
		return opened{}, fmt.Errorf("open console: %w", err)
	}
	node := exec.CommandContext(ctx, "node", filepath.Join("web", "bench", "paint.mjs"))
	node.Stdin, node.Stderr = bytes.NewReader(wish), os.Stderr
	answer, err := node.Output()
	if err != nil {
		return opened{}, fmt.Errorf("open console in Chromium: %w", err)
	}
	var seen opened
	if err := json.Unmarshal(answer, &seen); err != nil {
		return opened{}, fmt.Errorf("read what Chromium measured: %w", err)
	}
	return seen, nil
}
