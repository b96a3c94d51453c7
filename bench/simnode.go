package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// simNode answers its administrator as an idle primary without data does, and costs
// next to nothing.
type simNode struct {
	mu       sync.Mutex // guards all below
	state    provider.State
	files    map[string][]byte
	settings map[string]string     // what CONFIG knows
	admins   map[net.Conn]struct{} // open connections
	commands map[string]string     // restricted commands by the names that this node knows them by
}

func newSimNode(name provider.NodeName, keyring engine.Keyring) *simNode {
	n := &simNode{
		state: provider.State{Node: name, Phase: provider.PhaseStopped},
		files: map[string][]byte{}, admins: map[net.Conn]struct{}{}, commands: map[string]string{},
	}
	for _, command := range []string{"ACL", "CONFIG", "REPLICAOF"} {
		n.commands[keyring.Command(name.UID(), command)] = command
	}
	return n
}

func (n *simNode) start(incarnation int64) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.state.Phase == provider.PhaseRunning {
		return provider.ErrRunning
	}
	n.settings = map[string]string{}
	for line := range strings.Lines(string(n.files[engine.ConfigFile])) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		n.settings[name] = strings.Trim(value, `"`)
	}
	n.state.Phase, n.state.PID, n.state.StartedAt, n.state.Incarnation = provider.PhaseRunning, 1, time.Now(), incarnation
	return nil
}

func (n *simNode) stop() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.state.Phase, n.state.PID = provider.PhaseStopped, 0
	for conn := range n.admins {
		_ = conn.Close()
	}
}

// dial hands out one end of a connection and serves the other.
func (n *simNode) dial() (net.Conn, error) {
	ours, theirs := net.Pipe()
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.state.Phase != provider.PhaseRunning {
		return nil, provider.ErrNotRunning
	}
	n.admins[ours] = struct{}{}
	go func() {
		serveSim(ours, n.answer)
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.admins, ours)
	}()
	return theirs, nil
}

// answer is the reply to a command of the administrator.
func (n *simNode) answer(words []string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	name := words[0]
	if known, ok := n.commands[name]; ok {
		name = known
	}
	switch name = strings.ToUpper(name); {
	case name == "INFO":
		return bulk("loading:0\r\nrole:master\r\nmaster_repl_offset:0\r\nrdb_last_bgsave_status:ok\r\nconnected_clients:1\r\n")
	case name == "ROLE":
		return "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n"
	case name == "ACL" && words[1] == "LIST":
		return list(strings.Split(strings.TrimSpace(string(n.files[engine.AccessFile])), "\n"))
	case name == "ACL":
		return list(nil)
	case name == "CONFIG" && words[1] == "GET":
		var pairs []string
		for _, setting := range words[2:] {
			pairs = append(pairs, setting, n.settings[setting])
		}
		return list(pairs)
	case name == "CONFIG":
		for i := 2; i+1 < len(words); i += 2 {
			n.settings[words[i]] = words[i+1]
		}
	}
	return "+OK\r\n"
}

// answerClient is the reply to a command of a client of any node without a token: as
// much as the proofs of the control plane ask for.
func answerClient(words []string) string {
	switch {
	case words[0] == "PING":
		return "+PONG\r\n"
	case words[0] == "UNLINK":
		return ":0\r\n"
	case words[0] == "AUTH" && len(words) == 2:
		return "-WRONGPASS invalid username-password pair or user is disabled.\r\n"
	}
	return "+OK\r\n"
}

// serveSim answers commands until the connection ends.
func serveSim(conn net.Conn, answer func([]string) string) {
	defer conn.Close()
	commands := bufio.NewReaderSize(conn, 512)
	for {
		words, err := readCommand(commands)
		if err != nil {
			return
		}
		if _, err := io.WriteString(conn, answer(words)); err != nil {
			return
		}
	}
}

func readCommand(r *bufio.Reader) ([]string, error) {
	count, err := readLength(r, '*')
	if err != nil {
		return nil, err
	}
	words := make([]string, count)
	for i := range words {
		length, err := readLength(r, '$')
		if err != nil {
			return nil, err
		}
		data := make([]byte, length+2)
		if _, err := io.ReadFull(r, data); err != nil {
			return nil, err
		}
		words[i] = string(data[:length])
	}
	if count == 0 {
		return nil, errors.New("read command: it is empty")
	}
	return words, nil
}

func readLength(r *bufio.Reader, kind byte) (int, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return 0, err
	}
	if line[0] != kind {
		return 0, fmt.Errorf("read command: %q is no length", line)
	}
	return strconv.Atoi(strings.TrimSpace(line[1:]))
}

func bulk(text string) string { return fmt.Sprintf("$%d\r\n%s\r\n", len(text), text) }

func list(words []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, w := range words {
		b.WriteString(bulk(w))
	}
	return b.String()
}
