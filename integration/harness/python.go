package harness

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// Python is a script that answers calls, each a line with a line.
type Python struct {
	mu    sync.Mutex // one call at a time
	calls io.Writer
	lines *bufio.Scanner
}

// StartPython runs a script in the test's directory with an environment, as of [exec.Cmd], until the test ends. It skips the test where
// no Python has the modules.
func StartPython(tb testing.TB, script string, env []string, modules ...string) *Python {
	tb.Helper()
	command := exec.CommandContext(tb.Context(), findPython(tb, modules), script)
	command.Env, command.Stderr = env, tb.Output()
	calls, err := command.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	answers, err := command.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := command.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		calls.Close()
		_ = command.Wait() // killed or not, it is over
	})
	p := &Python{calls: calls, lines: bufio.NewScanner(answers)}
	p.lines.Buffer(nil, 1<<20)
	return p
}

func findPython(tb testing.TB, modules []string) string {
	tb.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import "+strings.Join(modules, ", ")).Run() == nil {
			return python
		}
	}
	tb.Skipf("not tried: no Python has %s", strings.Join(modules, " and "))
	return ""
}

// Line is the next line that the script prints.
func (p *Python) Line() (string, error) {
	if p.lines.Scan() {
		return p.lines.Text(), nil
	}
	if err := p.lines.Err(); err != nil {
		return "", err
	}
	return "", io.ErrUnexpectedEOF
}

// Call makes a call of a client of boto3's, and returns its answer.
func (p *Python) Call(name string, args map[string]any) (map[string]any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	asked, err := json.Marshal(map[string]any{"call": name, "args": args})
	if err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintf(p.calls, "%s\n", asked); err != nil {
		return nil, err
	}
	line, err := p.Line()
	if err != nil {
		return nil, fmt.Errorf("%s: the script has ended: %w", name, err)
	}
	var answer map[string]any
	if err := json.Unmarshal([]byte(line), &answer); err != nil {
		return nil, err
	}
	if problem, ok := answer["error"].(string); ok {
		return nil, fmt.Errorf("%s: %s", name, problem)
	}
	return answer, nil
}
