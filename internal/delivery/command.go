package delivery

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/aikagi/aikagi/internal/cache/rotation"
)

// verb is what a program is told to do, in AIKAGI_VERB.
type verb string

const (
	verbStage   verb = "stage"
	verbDeliver verb = "deliver"
	verbRevert  verb = "revert"
	verbFinish  verb = "finish"
)

// outputWait is how long a program that has ended may keep its output open, as
// what it left in the background does.
const outputWait = 2 * time.Second

type command struct {
	target  rotation.CommandTarget
	options Options
}

// program finds the program and refuses one that anybody could have put there.
func (c *command) program() (string, error) {
	place, err := allowed(c.options.Commands, c.target.Program, flagCommands)
	if err != nil {
		return "", err
	}
	path := place.path()
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return "", refuse("The delivery program cannot be used: %v.", err)
	case !info.Mode().IsRegular():
		return "", refuse("The delivery program %s is not a regular file.", path)
	case info.Mode()&0o111 == 0:
		return "", refuse("The delivery program %s is not executable. Run chmod +x on it.", path)
	}
	for _, at := range []string{path, filepath.Dir(path)} {
		info, err := os.Stat(at)
		if err != nil {
			return "", refuse("The delivery program cannot be used: %v.", err)
		}
		if info.Mode().Perm()&0o002 != 0 {
			return "", refuse("Everyone can write to %s, so the delivery program is not safe to run. Run chmod o-w on it.", at)
		}
	}
	if err := syscall.Access(path, 1); err != nil { // X_OK, as the user that will run it
		return "", refuse("The delivery program %s is not executable by the server's user: %v.", path, err)
	}
	return path, nil
}

// Check looks at the program; it does not run it.
func (c *command) Check(context.Context) error {
	_, err := c.program()
	return err
}

// Stage runs the program with the token.
func (c *command) Stage(ctx context.Context, change Change) error {
	return c.run(ctx, verbStage, change)
}

// Deliver runs the program with the token.
func (c *command) Deliver(ctx context.Context, change Change) error {
	return c.run(ctx, verbDeliver, change)
}

// Revert runs the program without a token: a program that ignores the verb then
// has nothing to install.
func (c *command) Revert(ctx context.Context, change Change) error {
	return c.run(ctx, verbRevert, change)
}

// Finish runs the program without a token.
func (c *command) Finish(ctx context.Context, change Change) error {
	return c.run(ctx, verbFinish, change)
}

func (c *command) run(ctx context.Context, verb verb, change Change) error {
	withToken := verb == verbStage || verb == verbDeliver
	if err := change.check(withToken); err != nil {
		return err
	}
	path, err := c.program()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	var stdout, stderr output
	program := exec.CommandContext(ctx, path, c.target.Arguments...)
	program.Env, program.Dir = environment(verb, change), "/"
	program.Stdout, program.Stderr = &stdout, &stderr
	if withToken {
		program.Stdin = strings.NewReader(change.Token.Reveal() + "\n")
	}
	program.SysProcAttr = attributes()
	program.Cancel = func() error { return endGroup(program.Process.Pid) }
	program.WaitDelay = outputWait

	// Pdeathsig is sent when the thread that started the program ends.
	runtime.LockOSThread()
	started := time.Now()
	err = program.Run()
	runtime.UnlockOSThread()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it ended well, and left something running
	}
	c.options.Logger.Info("delivery program ended", "program", path, "verb", string(verb),
		"rotation_id", change.RotationID, "group_id", change.GroupID, "fingerprint", change.Fingerprint,
		"exit_code", program.ProcessState.ExitCode(), "duration", time.Since(started),
		"stdout", stdout.text(change.Token), "stderr", stderr.text(change.Token))
	if err == nil {
		c.options.Point(PointProgramRun)
		return nil
	}
	if cause := ctx.Err(); cause != nil {
		if errors.Is(cause, context.DeadlineExceeded) {
			return fmt.Errorf("delivery program %s (%s): not done after %s: %w", path, verb, c.options.Timeout, cause)
		}
		return fmt.Errorf("delivery program %s (%s): %w", path, verb, cause)
	}
	if line := firstLine(stderr.text(change.Token)); line != "" {
		return fmt.Errorf("delivery program %s (%s): %w: %s", path, verb, err, line)
	}
	return fmt.Errorf("delivery program %s (%s): %w", path, verb, err)
}

// endGroup ends the program and all that it started in its process group.
func endGroup(pid int) error {
	err := syscall.Kill(-pid, syscall.SIGKILL)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	if err != nil {
		return &fs.PathError{Op: "kill", Path: "process group", Err: err}
	}
	return nil
}

// environment is all that a program gets: the server's own may hold secrets.
func environment(verb verb, change Change) []string {
	env := []string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"LANG=C.UTF-8",
		"AIKAGI_VERB=" + string(verb),
		"AIKAGI_ROTATION_ID=" + change.RotationID,
		"AIKAGI_GROUP=" + change.GroupID,
		"AIKAGI_FINGERPRINT=" + change.Fingerprint,
		"AIKAGI_ENDPOINT=" + change.Endpoint,
	}
	if home := os.Getenv("HOME"); home != "" {
		env = append(env, "HOME="+home) // where tools look for their configuration
	}
	return env
}
