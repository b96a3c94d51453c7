package harness

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/address/addresstest"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/datadir"
)

// Server is one control plane with its data directory. Its engines are stopped and
// its directory is removed when the test ends.
type Server struct {
	TB      testing.TB
	Dir     string   // the data directory
	Range   string   // addresses of its nodes
	Args    []string // further arguments of serve
	Program string   // the binary; empty: the one under test
	Within  []string // a command that runs it elsewhere, as in a network namespace, as the same process; empty: here
	URL     string   // where it answers; another one after each Start
	process *exec.Cmd
	output  *buffer
	exited  chan struct{}
}

// Start builds the binary if need be and starts a control plane on a fresh data
// directory.
func Start(tb testing.TB, args ...string) *Server {
	tb.Helper()
	s := New(tb, args...)
	s.Start()
	return s
}

// New prepares a control plane that Start starts.
func New(tb testing.TB, args ...string) *Server {
	tb.Helper()
	dir, err := os.MkdirTemp("", "aikagi-test-")
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{TB: tb, Dir: dir, Args: args, Range: addresstest.Claim(tb).String(), output: &buffer{}}
	tb.Cleanup(s.cleanUp)
	return s
}

// Start starts the control plane, with further environment variables, and returns
// when it is ready.
func (s *Server) Start(env ...string) {
	s.TB.Helper()
	if err := s.TryStart(env...); err != nil {
		s.TB.Fatalf("%v\n%s", err, s.Output())
	}
}

// TryStart is Start for a control plane that is expected to refuse.
func (s *Server) TryStart(env ...string) error {
	binary, err := s.binary()
	if err != nil {
		return err
	}
	_ = os.Remove(filepath.Join(s.Dir, "endpoint")) // of one that was killed
	args := append([]string{"serve", "--data-dir", s.Dir, "--listen", "127.0.0.1:0", "--address-range", s.Range, "--log-level", "debug"}, s.Args...)
	s.process = s.command(binary, args...)
	s.process.Env = append(os.Environ(), env...)
	if s.output == nil { // a server that New did not make
		s.output = &buffer{}
	}
	s.output.reset()
	s.process.Stdout, s.process.Stderr = s.output, s.output
	// The control plane must not outlive a test binary that dies. It has a session of its own, as a service has: Linux shares the processor
	// among sessions first (sched(7), autogroup), and here the clients of a benchmark would have to share with it.
	s.process.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	if err := s.process.Start(); err != nil {
		return err
	}
	s.exited = make(chan struct{})
	go func(p *exec.Cmd, exited chan struct{}) {
		_ = p.Wait() // how it ended is read from its state
		close(exited)
	}(s.process, s.exited)
	return s.awaitReady()
}

func (s *Server) command(binary string, args ...string) *exec.Cmd {
	words := slices.Concat(s.Within, []string{binary}, args)
	return exec.Command(words[0], words[1:]...)
}

func (s *Server) binary() (string, error) {
	if s.Program != "" {
		return s.Program, nil
	}
	return Binary()
}

func (s *Server) awaitReady() error {
	deadline := time.After(Patience)
	for {
		if url, err := datadir.Endpoint(s.Dir); err == nil {
			if s.healthy(url) {
				s.URL = url
				return nil
			}
		}
		select {
		case <-s.exited:
			return fmt.Errorf("aikagi serve ended: %s", s.process.ProcessState)
		case <-deadline:
			return fmt.Errorf("aikagi serve is not ready after %s", Patience)
		case <-time.After(2 * time.Millisecond):
		}
	}
}

func (s *Server) healthy(url string) bool {
	transport := &http.Transport{DisableKeepAlives: true}
	if strings.HasPrefix(url, "https:") {
		transport.TLSClientConfig = &tls.Config{RootCAs: s.CA(), MinVersion: tls.VersionTLS12}
	}
	response, err := (&http.Client{Transport: transport, Timeout: time.Second}).Get(url + "/healthz")
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, response.Body)
	return response.Body.Close() == nil && response.StatusCode == http.StatusOK
}

// Exited is closed when the control plane's process has ended.
func (s *Server) Exited() <-chan struct{} { return s.exited }

// Killed reports whether the control plane has ended by SIGKILL, as at a point of package fault, and
// not by itself.
func (s *Server) Killed() bool {
	select {
	case <-s.exited:
		status, ok := s.process.ProcessState.Sys().(syscall.WaitStatus)
		return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
	default:
		return false
	}
}

// Kill ends the control plane with SIGKILL; its engines go on.
func (s *Server) Kill() {
	s.TB.Helper()
	if err := s.process.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.TB.Fatal(err)
	}
	<-s.exited
}

// Stop ends the control plane with SIGTERM and waits; its engines go on.
func (s *Server) Stop() {
	s.TB.Helper()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.TB.Fatal(err)
	}
	select {
	case <-s.exited:
	case <-time.After(Patience):
		s.TB.Fatalf("aikagi serve did not end on SIGTERM\n%s", s.Output())
	}
}

// PID is the control plane's process.
func (s *Server) PID() int { return s.process.Process.Pid }

// Output is what the control plane has printed since its last start.
func (s *Server) Output() string {
	return s.output.String()
}

// API returns a client of the control plane that signs with its access key.
func (s *Server) API() *elasticache.Client { return s.Client().ElastiCache }

// Client returns a client for aikagi's own actions too.
func (s *Server) Client() *client.Client {
	s.TB.Helper()
	c, err := client.New(s.URL, s.Dir)
	if err != nil {
		s.TB.Fatal(err)
	}
	return c
}

// CA returns the pool with the built-in CA.
func (s *Server) CA() *x509.CertPool {
	s.TB.Helper()
	pem, err := os.ReadFile(s.CAFile())
	if err != nil {
		s.TB.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return pool
}

// CAFile is the file with the built-in CA.
func (s *Server) CAFile() string { return datadir.AuthorityPath(s.Dir) }

// AWS runs the AWS CLI against the control plane and returns what it prints on
// standard output and on standard error.
func (s *Server) AWS(args ...string) (stdout, stderr string, err error) {
	command := exec.Command("aws", append([]string{"--endpoint-url", s.URL}, args...)...)
	command.Env = s.AWSEnv()
	var out, problems bytes.Buffer
	command.Stdout, command.Stderr = &out, &problems
	err = command.Run()
	return out.String(), problems.String(), err
}

// AWSEnv is the environment for AWS's tools: this process's own without its AWS
// settings, and those of the control plane.
func (s *Server) AWSEnv() []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_") })
	return append(env,
		"AWS_ENDPOINT_URL="+s.URL, "AWS_SHARED_CREDENTIALS_FILE="+datadir.CredentialsPath(s.Dir), "AWS_CONFIG_FILE=/dev/null",
		"AWS_PROFILE=default", "AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1", "AWS_PAGER=", "AWS_CA_BUNDLE="+s.CAFile())
}

// Aikagi runs a subcommand of the binary on the data directory.
func (s *Server) Aikagi(args ...string) (string, error) {
	s.TB.Helper()
	binary, err := s.binary()
	if err != nil {
		s.TB.Fatal(err)
	}
	command := s.command(binary, args...)
	command.Env = append(os.Environ(), "AIKAGI_DATA_DIR="+s.Dir)
	out, err := command.CombinedOutput()
	return string(out), err
}

// cleanUp ends the control plane and its engines without saving anything.
func (s *Server) cleanUp() {
	if s.process != nil && s.process.Process != nil {
		_ = s.process.Process.Kill()
		<-s.exited
	}
	if s.TB.Failed() && s.process != nil {
		s.TB.Logf("aikagi serve printed:\n%s", s.Output())
	}
	killNodes(s.Dir)
	if err := os.RemoveAll(s.Dir); err != nil {
		s.TB.Errorf("remove data directory: %v", err)
	}
}

// buffer is a bytes.Buffer for two goroutines.
type buffer struct {
	mu  sync.Mutex // guards buf
	buf bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *buffer) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buf.Reset()
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// Patience is how long a test waits for what has to come. It only ends a test that would hang, and measures nothing: what takes a
// second on a quiet machine takes half a minute on one with a load of 25.
const Patience = 2 * time.Minute

// Await polls until done reports true, and fails the test if that takes longer than
// the limit.
func Await(tb testing.TB, limit time.Duration, what string, done func() (bool, error)) {
	tb.Helper()
	began := time.Now()
	for {
		ok, err := done()
		if ok {
			return
		}
		waited := time.Since(began)
		if waited > limit {
			tb.Fatalf("%s: not after %s (last error: %v)", what, limit, err)
		}
		time.Sleep(pollPause(waited))
	}
}

// pollPause is how long to leave what is waited for alone: asking costs it, and all tests beside this one, processor
// time. A tenth of what was waited for already makes no test noticeably longer.
func pollPause(waited time.Duration) time.Duration {
	return min(max(waited/10, 2*time.Millisecond), 50*time.Millisecond)
}

// AwaitStatus waits until a group has a status; "" means until it is gone.
func (s *Server) AwaitStatus(group, status string) {
	s.TB.Helper()
	api := s.API()
	Await(s.TB, Patience, group+" to become "+status, func() (bool, error) {
		out, err := api.DescribeReplicationGroups(context.Background(), &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: &group})
		if err != nil {
			return status == "" && strings.Contains(err.Error(), "ReplicationGroupNotFoundFault"), err
		}
		is := aws.ToString(out.ReplicationGroups[0].Status)
		return is == status, fmt.Errorf("it is %s", is)
	})
}
