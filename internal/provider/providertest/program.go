package providertest

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/aikagi/aikagi/internal/provider"
)

// What the program does; the first argument says it, after marker.
const (
	marker = "providertest-program"
	serve  = "serve" // until SIGTERM, then writes savedFile and ends
	deaf   = "deaf"  // the same, but takes no notice of SIGTERM
	crash  = "crash" // prints its second argument and ends with status 3
)

// savedFile is what the program writes, into its working directory, when it is asked to end.
const savedFile = "saved"

// RunProgram becomes the program of the suite and does not return if this process was
// launched by it. TestMain calls it first.
func RunProgram() {
	if len(os.Args) < 3 || os.Args[1] != marker {
		return
	}
	if err := behave(os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	os.Exit(0)
}

func behave(how string, args []string) error {
	if how == crash {
		return fmt.Errorf("%v", args)
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
	go answer(socket)
	for range term {
		if how != deaf {
			return os.WriteFile(savedFile, []byte(strconv.Itoa(os.Getpid())), 0o600)
		}
	}
	return nil
}

// answer says who it is on each connection: which process, and what is in greetingFile.
func answer(socket net.Listener) {
	for {
		conn, err := socket.Accept()
		if err != nil {
			return
		}
		greeting, _ := os.ReadFile(greetingFile)
		fmt.Fprintf(conn, "%d %s\n", os.Getpid(), greeting)
		conn.Close()
	}
}

// greetingFile is read relative to the working directory for each answer.
const greetingFile = "conf/greeting"

// readAnswer returns what answer wrote.
func readAnswer(conn net.Conn) (pid int, greeting string, err error) {
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return 0, "", err
	}
	_, err = fmt.Sscanf(line, "%d %s", &pid, &greeting)
	return pid, greeting, err
}
