package providertest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/provider"
)

// Way is how the suite's program behaves.
type Way string

// The ways.
const (
	// Serve answers each connection to the admin socket as [Answer] does. When it is asked to end it writes
	// its process id, in decimal, to [SavedFile], and ends with status 0.
	Serve Way = "serve"
	// Deaf does the same, but takes no notice of being asked to end.
	Deaf Way = "deaf"
	// Crash writes what [Complaint] makes of its arguments and ends with status 3.
	Crash Way = "crash"

	// For providers that tell activity.

	// Busy keeps a processor busy.
	Busy Way = "busy"
	// Halted does so for a moment, writes [SavedFile], and is then stopped by a signal.
	Halted Way = "halted"
)

// Files of the node.
const (
	// GreetingFile has the word that an answer ends with. It is read for each answer.
	GreetingFile = "conf/greeting"
	// SavedFile is written by the program.
	SavedFile = "saved"
)

// Engine is what nodes run: its program is the suite's. No other engine is installed.
var Engine = cache.EngineVersion{Engine: "providertest", Version: "1.0.0"}

// marker begins the arguments of the suite's program.
const marker = "providertest-program"

// WayOf reads the arguments of a launch; ok is false if they are not the suite's.
func WayOf(args []string) (way Way, rest []string, ok bool) {
	if len(args) < 2 || args[0] != marker {
		return "", nil, false
	}
	return Way(args[1]), args[2:], true
}

// Answer says on a connection who answers: which process, and what is in [GreetingFile].
func Answer(conn io.Writer, pid int, greeting []byte) {
	fmt.Fprintf(conn, "%d %s\n", pid, greeting)
}

// Complaint is the line that [Crash] writes.
func Complaint(args []string) string { return fmt.Sprint(args) }

// readAnswer returns what Answer wrote.
func readAnswer(conn net.Conn) (pid int, greeting string, err error) {
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return 0, "", err
	}
	_, err = fmt.Sscanf(line, "%d %s", &pid, &greeting)
	return pid, greeting, err
}

// scripts are run by a shell because it has one thread only, of which it can be said whether it runs.
var scripts = map[Way]string{
	Busy:   `while :; do :; done`,
	Halted: `i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; : > ` + SavedFile + `; kill -STOP $$`,
}

// RunProgram becomes the program of the suite and does not return if this process was
// launched by it. TestMain calls it first.
func RunProgram() {
	way, rest, ok := WayOf(os.Args[1:])
	if !ok {
		return
	}
	if err := behave(way, rest); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	os.Exit(0)
}

func behave(way Way, args []string) error {
	if script, ok := scripts[way]; ok {
		return syscall.Exec("/bin/sh", []string{"sh", "-c", script}, os.Environ())
	}
	if way == Crash {
		return fmt.Errorf("%s", Complaint(args))
	}
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	// Not through Listen alone: the socket of an earlier process may be there.
	if err := os.RemoveAll(provider.AdminSocket); err != nil {
		return err
	}
	socket, err := net.Listen("unix", provider.AdminSocket)
	if err != nil {
		return err
	}
	go answerAll(socket)
	for range term {
		if way != Deaf {
			return os.WriteFile(SavedFile, []byte(strconv.Itoa(os.Getpid())), 0o600)
		}
	}
	return nil
}

func answerAll(socket net.Listener) {
	for {
		conn, err := socket.Accept()
		if err != nil {
			return
		}
		greeting, _ := os.ReadFile(GreetingFile)
		Answer(conn, os.Getpid(), greeting)
		conn.Close()
	}
}
