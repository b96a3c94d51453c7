package process

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"github.com/aikagi/aikagi/internal/provider"
)

// lockPatience is how long a lock may be held by nobody whom /proc shows: by a
// process between fork and exec, which takes about a millisecond.
const lockPatience = 5 * time.Second

// errLed: the lock of a node's directory is held by a process that leads the node.
type errLed struct{ leader holder }

func (e errLed) Error() string {
	return fmt.Sprintf("process %d runs in the directory", e.leader.pid)
}

// lockNode takes the lock of the node's directory, which means that no process of
// the node lives. Children that a dead process left behind are killed for it. If the
// node is led by a process, the error is errLed. The caller passes the lock to a
// process or calls unlock.
func (p *Provider) lockNode(ctx context.Context, name provider.NodeName) (*os.File, error) {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	dir, err := os.OpenFile(p.path(name), unix.O_DIRECTORY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, provider.ErrAbsent
	} else if err != nil {
		return nil, err
	}
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		free, err := tryLock(dir)
		if free {
			return dir, nil
		}
		if err == nil {
			err = p.clear(name)
		}
		if err == nil {
			err = sleep(ctx, pause)
		}
		if err != nil {
			dir.Close()
			return nil, fmt.Errorf("lock directory: %w", err)
		}
	}
}

// unlock frees the lock even if a process that is just being started has a copy of
// the descriptor.
func unlock(dir *os.File) {
	_ = unix.Flock(int(dir.Fd()), unix.LOCK_UN)
	dir.Close()
}

func tryLock(dir *os.File) (free bool, err error) {
	err = unix.Flock(int(dir.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == unix.EWOULDBLOCK || err == unix.EINTR {
		return false, nil
	}
	return err == nil, err
}

// lockRoot makes sure that no other provider works in the directory. The one before
// us may have been killed with a process between fork and exec, hence the patience.
func lockRoot(path string) (*os.File, error) {
	dir, err := os.OpenFile(path, unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for {
		free, err := tryLock(dir)
		if free {
			return dir, nil
		}
		if err == nil && sleep(ctx, 5*time.Millisecond) != nil {
			err = errors.New("directory is in use by another control plane")
		}
		if err != nil {
			dir.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
