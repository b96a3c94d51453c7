package process

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/provider"
)

// Files that keep, for the next control plane, provider.Launch.Incarnation, and by being
// there that the last process had saved its data.
const (
	incarnationFile = ".incarnation"
	savedFile       = ".saved"
)

// environment is what every node's process has of it.
var environment = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C"}

func environmentWith(preload string) []string {
	if preload == "" {
		return environment
	}
	return append(slices.Clip(environment), "LD_PRELOAD="+preload)
}

// Start runs the node's process. Its environment is PATH, LANG and what is to be preloaded, and nothing else;
// its standard output and error go to [StartLog], for an engine writes its log by name.
func (p *Provider) Start(ctx context.Context, name provider.NodeName, launch provider.Launch) error {
	program, installed := p.options.Programs[launch.Engine]
	if !installed {
		return fmt.Errorf("%w: %s is not installed any more", provider.ErrNoBinary, launch.Engine)
	}
	if err := p.start(ctx, name, program, launch); err != nil {
		return fmt.Errorf("start node %s: %w", name, full(err))
	}
	return nil
}

// takeStoppedNode is takeTurn for what is done only to a node that is there and has no process. The
// caller yields.
func (p *Provider) takeStoppedNode(ctx context.Context, name provider.NodeName) (*node, error) {
	n, err := p.takeTurn(ctx, name)
	if err != nil {
		return nil, err
	}
	switch p.Inspect(name).Phase {
	case provider.PhaseAbsent:
		err = provider.ErrAbsent
	case provider.PhaseRunning, provider.PhaseStopping:
		err = provider.ErrRunning
	}
	if err != nil {
		p.yield(n)
		return nil, err
	}
	return n, nil
}

func (p *Provider) start(ctx context.Context, name provider.NodeName, program string, launch provider.Launch) error {
	n, err := p.takeStoppedNode(ctx, name)
	if err != nil {
		return err
	}
	defer p.yield(n)
	if !filepath.IsAbs(program) {
		return fmt.Errorf("%w: %s: path is not absolute", provider.ErrNoBinary, program)
	}
	lock, err := p.lockNode(ctx, name)
	if led := (errLed{}); errors.As(err, &led) {
		// An earlier control plane in this directory was not quite gone.
		return errors.Join(provider.ErrRunning, p.adopt(n, led.leader))
	} else if err != nil {
		return err
	}
	c, err := p.launch(n, program, launch, lock)
	if err != nil {
		unlock(lock)
		return err
	}
	lock.Close()
	p.place(name, c, launch.VCPUs)
	p.log.Info("start engine process", "node", name, "pid", c.pid, "program", program)
	p.supervise(n, c)
	return nil
}

// launch writes down the incarnation and executes the program with the lock.
func (p *Provider) launch(n *node, program string, launch provider.Launch, lock *os.File) (*proc, error) {
	root, err := p.openNode(n.name)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if err := writeIncarnation(root, launch.Incarnation); err != nil {
		return nil, fmt.Errorf("write incarnation: %w", err)
	}
	if err := root.Remove(savedFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	p.mu.Lock()
	n.incarnation, n.saved = launch.Incarnation, false
	p.mu.Unlock()
	output, err := root.OpenFile(StartLog, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer output.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	if as, _ := p.account(n.name, launch); os.Geteuid() == 0 { // nobody else can give files away
		if err := handOver(root, as); err != nil {
			return nil, err
		}
	}
	return p.execute(n.name, append([]string{program}, launch.Args...), launch, []uintptr{null.Fd(), output.Fd(), output.Fd(), lockFD: lock.Fd()})
}

// execute runs the program that argv begins with. It enters the directory by the lock's descriptor: another user cannot reach it by its path.
func (p *Provider) execute(name provider.NodeName, argv []string, launch provider.Launch, files []uintptr) (*proc, error) {
	var pidfd int
	startedAt := p.now()
	attr := &syscall.ProcAttr{
		Dir:   fmt.Sprintf("/proc/self/fd/%d", files[lockFD]),
		Env:   environmentWith(launch.Preload),
		Files: files,
		Sys:   &syscall.SysProcAttr{Setsid: true, PidFD: &pidfd},
	}
	as, other := p.account(name, launch)
	var pid int
	var err error
	if other {
		pid, err = startAs(as, argv[0], argv, attr)
	} else {
		pid, _, err = syscall.StartProcess(argv[0], argv, attr)
	}
	switch {
	case errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENOTDIR), errors.Is(err, unix.EACCES), errors.Is(err, unix.ENOEXEC):
		return nil, fmt.Errorf("%w: %s: %w", provider.ErrNoBinary, argv[0], err)
	case err != nil:
		return nil, fmt.Errorf("execute %s: %w", argv[0], err)
	}
	if err := raiseFileLimit(pid); err != nil && !other {
		p.log.Warn("raise file limit of engine process", "pid", pid, "error", err)
	}
	return newProc(pid, pidfd, startedAt)
}

// raiseFileLimit lets the process open as many files as it may. That of another user may be out of reach (CAP_SYS_RESOURCE);
// engines then raise their own as far as they need it. The id is safe: nobody has waited for the child.
func raiseFileLimit(pid int) error {
	var files unix.Rlimit
	if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &files); err != nil {
		return err
	}
	files.Cur = files.Max
	return unix.Prlimit(pid, unix.RLIMIT_NOFILE, &files, nil)
}

// writeIncarnation overwrites the file with one of the same length in a single write, which a
// kill cannot tear. It does not wait for the disk, which would take most of the
// time of a start: the process that the file tells of does not outlive a power failure.
func writeIncarnation(root *os.Root, incarnation int64) error {
	f, err := root.OpenFile(incarnationFile, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%020d\n", incarnation)
	return errors.Join(err, f.Close())
}

// noteSaved is best effort: without the file the next control plane takes the node for
// crashed, and looks for newer data first.
func (p *Provider) noteSaved(name provider.NodeName) {
	root, err := p.openNode(name)
	if err != nil {
		return
	}
	defer root.Close()
	if err := root.WriteFile(savedFile, nil, 0o600); err != nil {
		p.log.Warn("note that node has saved its data", "node", name, "error", err)
	}
}

// readIncarnation returns 0 if the node was never started.
func readIncarnation(root *os.Root) int64 {
	data, err := root.ReadFile(incarnationFile)
	if err != nil {
		return 0
	}
	incarnation, _ := strconv.ParseInt(strings.TrimSpace(string(data)), 10, 64)
	return incarnation
}
