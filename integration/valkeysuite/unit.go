package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tags leaves out what needs DEBUG (off by default, also in a bare server), a replica, or long.
const tags = "-needs:debug -needs:pfdebug -needs:save -needs:repl -slow -large-memory"

// side is one of the two that are compared.
type side struct {
	name   string
	server interface {
		start(context.Context) (*underTest, error)
	}
	basePort int    // of the tests' own connections
	logs     string // a directory for the tests' output; empty: nowhere
	results  map[string]result
}

// result is what became of a unit. Several tests of a unit may have one name.
type result struct {
	passed, failed map[string]int
	why            map[string]string // what a failed test printed
	early          string            // why the unit ended before its end; empty: it did not
}

func (s *side) runAll(ctx context.Context, source string, units []string, limit time.Duration) error {
	s.results = map[string]result{}
	dir, err := copySuite(source)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, unit := range units {
		began := time.Now()
		r, err := s.runUnit(ctx, dir, unit, limit)
		if err != nil {
			return fmt.Errorf("run %s, %s: %w", unit, s.name, err)
		}
		s.results[unit] = r
		fmt.Fprintf(os.Stderr, "%s  %-24s %4d ok %3d err %5.1f s  %s\n", s.name, unit, total(r.passed), total(r.failed), time.Since(began).Seconds(), r.early)
	}
	return nil
}

func (s *side) runUnit(ctx context.Context, dir, unit string, limit time.Duration) (result, error) {
	under, err := s.server.start(ctx)
	if err != nil {
		return result{}, err
	}
	unitContext, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	command := exec.CommandContext(unitContext, "./runtest", "--host", under.address, "--port", port, "--baseport", strconv.Itoa(s.basePort),
		"--durable", "--no-latency", "--dont-clean", "--ignore-encoding", "--tags", tags, "--single", unit)
	command.Dir, command.Env = dir, append(append(os.Environ(), "TERM=dumb"), under.env...) // without colours
	// The tests start clients of their own, which end with the group.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	command.WaitDelay = time.Second
	out, err := command.CombinedOutput()
	if s.logs != "" {
		log := filepath.Join(s.logs, s.name+"-"+strings.ReplaceAll(unit, "/", "-")+".log")
		if err := os.WriteFile(log, out, 0o600); err != nil {
			return result{}, errors.Join(err, under.end())
		}
	}
	r := parse(out)
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case unitContext.Err() != nil:
		r.early, err = fmt.Sprintf("not done after %s", limit), nil
	case errors.As(err, new(*exec.ExitError)):
		err = nil // tests failed, which the output says
	}
	return r, errors.Join(err, under.end())
}

// outcome is a line of the tests' output: "[ok]: name (3 ms)", "[err]: name in tests/unit/file.tcl", or an
// exception outside a test, which ends the unit.
var outcome = regexp.MustCompile(`^\[(ok|err|exception)\]: (.*?)(?: \(\d+ ms\)| in tests/\S+)?$`)

func parse(output []byte) result {
	r := result{passed: map[string]int{}, failed: map[string]int{}, why: map[string]string{}}
	explained := "" // the failed test that the next line explains
	for lines := bufio.NewScanner(bytes.NewReader(output)); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "!!! WARNING") {
			break // a summary follows, which repeats what failed
		}
		found := outcome.FindStringSubmatch(line)
		switch {
		case found == nil && explained != "" && r.why[explained] == "":
			r.why[explained] = line
		case found == nil:
		case found[1] == "ok":
			r.passed[found[2]]++
		case found[1] == "err":
			r.failed[found[2]]++
			explained = found[2]
		default:
			r.early = found[2]
		}
	}
	return r
}

func total(counts map[string]int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}
