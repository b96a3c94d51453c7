package trial

import (
	"bufio"
	"context"
	_ "embed" // for the script
	"encoding/json"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

//go:embed writer.py
var pythonScript string

// Python returns a Python that has redis-py; empty if there is none.
func Python() string {
	for _, program := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(program, "-c", "import redis").Run() == nil {
			return program
		}
	}
	return ""
}

// python is a writer that is a process of its own, with redis-py.
type python struct {
	program string
	name    string
	group   *group
	ledger  *ledger
}

// run writes until the context ends. The token goes through standard input, as
// everybody can read argument lists.
func (p *python) run(ctx context.Context) error {
	host, port, _ := net.SplitHostPort(p.group.primaryEndpoint)
	number, _ := strconv.Atoi(port)
	job, err := json.Marshal(map[string]any{
		"host": host, "port": number, "token": p.group.token, "ca": p.group.plane.CAFile(), "pause": writePause.Seconds(),
		"key": strings.TrimSuffix(writerKey(p.name, 0), "0") + "%d", "list": writerList(p.name),
	})
	if err != nil {
		return err
	}
	command := exec.Command(p.program, "-c", pythonScript)
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	in, err := command.StdinPipe()
	if err != nil {
		return err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	var problems strings.Builder
	command.Stderr = &problems
	if err := command.Start(); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(in, "%s\n", job); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = in.Close() })
	defer stop()
	killer := context.AfterFunc(ctx, func() { time.AfterFunc(writeLimit, func() { _ = command.Process.Kill() }) })
	defer killer()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		p.note(lines.Text())
	}
	if err := command.Wait(); err != nil {
		return fmt.Errorf("redis-py: %w\n%s", err, problems.String())
	}
	return nil
}

func (p *python) note(line string) {
	fields := strings.SplitN(line, " ", 4)
	if len(fields) != 4 {
		return
	}
	sequence, _ := strconv.Atoi(fields[0])
	began, _ := strconv.ParseInt(fields[1], 10, 64)
	ended, _ := strconv.ParseInt(fields[2], 10, 64)
	if fields[3] == "ok" {
		p.ledger.acknowledge(Write{Client: p.name, Sequence: sequence, Sent: Instant(began), Acked: Instant(ended)})
		return
	}
	p.ledger.fail(Failure{Client: p.name, Sent: Instant(began), Ended: Instant(ended), Text: fields[3]})
}
