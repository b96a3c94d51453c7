package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/sync/errgroup"

	"github.com/aikagi/aikagi/internal/provider"
)

type logsCommand struct {
	dataDirFlag
	Group  string `arg:"" help:"Replication group, or cache cluster." predictor:"group"`
	Node   string `help:"Show the log of this node only. Default: all nodes of the group." placeholder:"NODE"`
	Number int    `short:"n" help:"How many lines to show from the end of each node's log." default:"20"`
	Follow bool   `short:"f" help:"Keep showing new lines until interrupted."`
}

// Help says where the logs are.
func (logsCommand) Help() string {
	return `The logs are read from the data directory: on the machine that the nodes run on, as the user who runs aikagi serve. That also
works while the server is down. Times in them are the engine's. Older lines are in engine.log.1 and so on, in nodes/NODE.ID/.`
}

// Run shows logs, and follows them.
func (c *logsCommand) Run(ctx context.Context) error {
	logs, err := c.find()
	if err != nil {
		return err
	}
	to := &lines{to: os.Stdout}
	readers, readCtx := errgroup.WithContext(ctx)
	if !c.Follow {
		readers.SetLimit(1) // one after the other
	}
	for _, l := range logs {
		prefix := ""
		if len(logs) > 1 {
			prefix = l.node + "  "
		}
		readers.Go(func() error { return c.read(readCtx, to, l.path, prefix) })
	}
	return readers.Wait()
}

// nodeLog is the log of one node.
type nodeLog struct{ node, path string }

// nodeDir is the name of a node's directory: the node's, and what tells it from a former one
// of that name.
var nodeDir = regexp.MustCompile(`^(.+?)(-[0-9]{3,4})?\.[0-9a-f]+$`)

func (c *logsCommand) find() ([]nodeLog, error) {
	nodes := filepath.Join(c.path(), "nodes")
	entries, err := os.ReadDir(nodes)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s (%s) has no nodes; logs are read on the machine that they run on", c.path(), c.found().Why)
	}
	if err != nil {
		return nil, fmt.Errorf("find logs: %w", err)
	}
	var logs []nodeLog
	var groups []string
	for _, e := range entries {
		m := nodeDir.FindStringSubmatch(e.Name())
		if m == nil {
			continue
		}
		l := nodeLog{m[1] + m[2], filepath.Join(nodes, e.Name(), provider.EngineLog)}
		groups = append(groups, m[1])
		if (strings.EqualFold(m[1], c.Group) || strings.EqualFold(l.node, c.Group)) && (c.Node == "" || l.node == c.Node) {
			logs = append(logs, l)
		}
	}
	if len(logs) == 0 && slices.Contains(groups, strings.ToLower(c.Group)) {
		return nil, fmt.Errorf("%s has no node %s here", c.Group, c.Node)
	}
	if len(logs) == 0 {
		return nil, fmt.Errorf("no node of %s is in %s (%s).%s", c.Group, c.path(), c.found().Why, nearest(groups, c.Group))
	}
	return logs, nil
}

// lineMax is the longest line of a log that is read, in bytes; the engines' own limit is 1024.
const lineMax = 64 << 10

// read has tail read, which knows how to follow a log that is renamed.
func (c *logsCommand) read(ctx context.Context, to *lines, path, prefix string) error {
	args := []string{"-n", strconv.Itoa(c.Number)}
	if c.Follow {
		args = append(args, "-F")
	}
	command := exec.CommandContext(ctx, "tail", append(args, "--", path)...)
	out, err := command.StdoutPipe()
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	var problems strings.Builder
	command.Stderr = &problems
	if err := command.Start(); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	scanner := bufio.NewScanner(out)
	scanner.Buffer(nil, lineMax)
	for scanner.Scan() {
		to.print(prefix + scanner.Text())
	}
	if err := command.Wait(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("read %s: %w: %s", path, err, strings.TrimSpace(problems.String()))
	}
	return nil
}

// lines is where several write lines to. What clients may have brought into a log does not
// reach the terminal.
type lines struct {
	mu sync.Mutex // guards to
	to io.Writer
}

func (l *lines) print(line string) {
	line = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return '?'
		}
		return r
	}, line)
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintln(l.to, line)
}
