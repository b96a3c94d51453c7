package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider/simulated"
)

// simEngine is what a simulated node runs: it answers its administrator as an idle primary without data does.
type simEngine struct {
	process  *simulated.Process
	version  cache.EngineVersion
	commands map[string]string // restricted commands by the names that this node knows them by

	mu       sync.Mutex        // guards settings
	settings map[string]string // what CONFIG knows
	order    string            // what the gate was told last
}

// simProgram makes the program of all simulated nodes.
func simProgram(keyring engine.Keyring, version cache.EngineVersion) simulated.Program {
	return func(process *simulated.Process) simulated.Behaviour {
		e := &simEngine{process: process, version: version, commands: map[string]string{}, settings: map[string]string{}}
		for _, command := range []string{"ACL", "CONFIG", "REPLICAOF"} {
			e.commands[keyring.Command(process.Node().UID(), command)] = command
		}
		for line := range strings.Lines(e.file(engine.ConfigFile)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
			e.settings[name] = strings.Trim(value, `"`)
		}
		return simulated.Behaviour{
			Serve:     func(conn net.Conn) { serveSim(conn, e.answer) },
			Terminate: func() { process.Exit(0) },
		}
	}
}

// file is empty if there is none.
func (e *simEngine) file(name string) string {
	data, _ := e.process.ReadFile(name)
	return string(data)
}

// simClients is the side of simulated nodes that clients see: one listener for the addresses of all.
type simClients struct{ listener net.Listener }

// newSimClients listens at a free port of every loopback address: on the loopback
// interface only, so nobody else can reach it.
func newSimClients() (*simClients, error) {
	loopbackOnly := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		var failed error
		if err := raw.Control(func(fd uintptr) { failed = unix.BindToDevice(int(fd), "lo") }); err != nil {
			return err
		}
		return failed
	}}
	listener, err := loopbackOnly.Listen(context.Background(), "tcp4", "0.0.0.0:0")
	if err != nil {
		return nil, fmt.Errorf("listen for simulated nodes: %w", err)
	}
	c := &simClients{listener: listener}
	go c.serve()
	return c, nil
}

func (c *simClients) serve() {
	for {
		conn, err := c.listener.Accept()
		if err != nil {
			return
		}
		go serveSim(conn, answerClient)
	}
}

// port is where every node serves its clients.
func (c *simClients) port() int { return c.listener.Addr().(*net.TCPAddr).Port }

func (c *simClients) close() { _ = c.listener.Close() }

// answer is the reply to a command of the administrator.
func (e *simEngine) answer(words []string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	name := words[0]
	if known, ok := e.commands[name]; ok {
		name = known
	}
	switch name = strings.ToUpper(name); {
	case name == "INFO":
		// Rules are compared with those of the version that the process says it is.
		return bulk(string(e.version.Engine) + "_version:" + e.version.Version + "\r\nloading:0\r\nrole:master\r\nmaster_repl_offset:0\r\nrdb_last_bgsave_status:ok\r\nconnected_clients:1\r\n")
	case name == "ROLE":
		return "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n"
	case name == "ACL" && words[1] == "LIST":
		return list(strings.Split(strings.TrimSpace(e.file(engine.AccessFile)), "\n"))
	case name == "ACL" && words[1] == "USERS":
		return list(nil)
	case name == "AIKAGI.GATE" && words[1] == "OBEY":
		e.order = words[2]
	case name == "AIKAGI.GATE" && words[1] == "REPORT":
		return bulk(reportGate(e.order))
	case name == "CONFIG" && words[1] == "GET":
		var pairs []string
		for _, setting := range words[2:] {
			if value, known := e.settings[setting]; known {
				pairs = append(pairs, setting, value)
			}
		}
		return list(pairs)
	case name == "CONFIG" && words[1] == "SET":
		for i := 2; i+1 < len(words); i += 2 {
			e.settings[words[i]] = words[i+1]
		}
	}
	return "+OK\r\n"
}

// reportGate is what a gate reports that obeys an order, and to which nobody came.
func reportGate(order string) string {
	const refused = " refused-rules=0 refused-mode=0 refused-silence=0 refused-clients=0 refused-queue=0\n"
	var b strings.Builder
	b.WriteString("gate 1 waiting=0 suspended=0 plaintext=0 tls=0 clients=0 queued-plaintext=0 queued-plaintext-most=0 queued-tls=0 queued-tls-most=0" + refused)
	b.WriteString("ended rules=0 mode=0 left=0 barred-clients=0\n")
	for line := range strings.Lines(order) {
		if words := strings.Fields(line); len(words) >= 5 && words[0] == "listen" {
			fmt.Fprintf(&b, "listener %s port=%s mode=%s rules=%s shared=0 plaintext=0 tls=0%s", words[1], words[2], words[3], words[4], refused)
		}
	}
	return b.String()
}

// answerClient is the reply to a command of a client of any node without a token: as
// much as the proofs of the control plane ask for.
func answerClient(words []string) string {
	switch {
	case words[0] == "PING":
		return "+PONG\r\n"
	case words[0] == "UNLINK":
		return ":0\r\n"
	case words[0] == "AUTH" && words[1] != engine.ProbeUser: // these nodes have no token
		return "-WRONGPASS invalid username-password pair or user is disabled.\r\n"
	}
	return "+OK\r\n"
}

// serveSim answers commands until the connection ends.
func serveSim(conn net.Conn, answer func([]string) string) {
	defer conn.Close()
	// As much as is asked for in one exchange: the connection has no buffer, and whoever asks reads nothing before he has written all.
	commands := bufio.NewReaderSize(conn, 4096)
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
