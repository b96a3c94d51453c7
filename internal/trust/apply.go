package trust

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrNeedsRoot says that the store belongs to root.
var ErrNeedsRoot = errors.New("the system's trust store belongs to root")

// Run executes a command and returns what it printed; it is how [Apply] reaches
// the system.
type Run func(ctx context.Context, command []string) (output []byte, err error)

// Result is what [Apply] did.
type Result struct {
	Changed bool   // false: it was so already, and the command was run all the same
	Output  string // of the command
}

// Apply carries a plan out below root ("/" but in tests): it writes or removes the
// file, then runs the command. The command is run even if the file needed no
// change, as an earlier call may have been interrupted between the two. If the
// command fails after the file was written, the file stays, and calling Apply
// again is the way on. Not being root is [ErrNeedsRoot].
func Apply(ctx context.Context, root string, plan Plan, run Run) (Result, error) {
	path := filepath.Join(root, plan.Path)
	changed, err := plan.applyFile(path)
	if errors.Is(err, fs.ErrPermission) {
		return Result{}, fmt.Errorf("%w: run: %s (%w)", ErrNeedsRoot, plan.Sudo, err)
	}
	if err != nil {
		return Result{}, err
	}
	output, err := run(ctx, plan.Command)
	result := Result{Changed: changed, Output: strings.TrimSpace(string(output))}
	if err != nil {
		return result, fmt.Errorf("run %s: %w: %s", strings.Join(plan.Command, " "), err, result.Output)
	}
	return result, nil
}

func (p Plan) applyFile(path string) (changed bool, err error) {
	have, err := os.ReadFile(path)
	switch {
	case err == nil && p.Content == nil:
		if err := os.Remove(path); err != nil {
			return false, fmt.Errorf("remove certificate: %w", err)
		}
		return true, nil
	case errors.Is(err, fs.ErrNotExist) && p.Content == nil:
		return false, nil
	case err == nil && bytes.Equal(have, p.Content):
		return false, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return false, fmt.Errorf("read certificate: %w", err)
	}
	if err := replaceFile(path, p.Content); err != nil {
		return false, fmt.Errorf("write certificate: %w", err)
	}
	return true, nil
}

// replaceFile writes beside the target and renames: half a certificate would make
// the next update of the store fail. The extension keeps the half out of it.
func replaceFile(path string, content []byte) error {
	temporary := path + ".new"
	if err := os.WriteFile(temporary, content, 0o644); err != nil {
		return err
	}
	if err := os.Chmod(temporary, 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}

// Describe says in full sentences what a plan did, what it leaves to do, and how
// to take it back. ca is the path of the CA's file, for the commands.
func (p Plan) Describe(ca string) string {
	var b strings.Builder
	verb := "Wrote"
	if p.Content == nil {
		verb = "Removed"
	}
	fmt.Fprintf(&b, "%s %s and ran %s (%s).\n", verb, p.Path, strings.Join(p.Command, " "), p.Store)
	if len(p.Notes) > 0 {
		b.WriteString("Not done, as these have stores of their own:\n")
	}
	for _, note := range p.Notes {
		fmt.Fprintf(&b, "  - %s\n", strings.ReplaceAll(note, "FILE", ca))
	}
	fmt.Fprintf(&b, "To take it back: %s\n", p.Undo)
	return b.String()
}
