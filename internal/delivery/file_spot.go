package delivery

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// fileMax is the size of a file that may still be one with a token, in bytes.
const fileMax = 4096

// spot is the directory of the target, opened, and the names in it. Who has one holds
// the lock of the target until close.
type spot struct {
	dir                         *os.Root
	name, next, previous, trial string
	point                       func(string)
	unlock                      func()
}

// former is what a file was before it is replaced.
type former struct {
	content  string
	uid, gid int
	mode     fs.FileMode
}

// open finds the directory, waits until no other call is at the target, and removes
// what a crash may have left there.
func (f *file) open(ctx context.Context) (*spot, error) {
	parent, err := allowed(f.options.Files, filepath.Dir(f.path), flagFiles)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(parent.root)
	if err != nil {
		return nil, fmt.Errorf("open allowed directory: %w", err)
	}
	defer root.Close()
	dir, err := root.OpenRoot(parent.rel)
	if err != nil {
		return nil, refuse("The directory %s cannot be opened: %v.", filepath.Dir(f.path), err)
	}
	name := filepath.Base(f.path)
	unlock, err := targets.lock(ctx, filepath.Join(parent.path(), name))
	if err != nil {
		dir.Close()
		return nil, fmt.Errorf("wait for another delivery to %s: %w", f.path, err)
	}
	s := &spot{dir: dir, name: name, point: f.options.Point, unlock: unlock,
		next: "." + name + ".aikagi-next", previous: "." + name + ".aikagi-previous", trial: "." + name + ".aikagi-trial"}
	for _, stale := range []string{s.next, s.trial} {
		if err := dir.Remove(stale); err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.close()
			return nil, refuse("The directory %s is not writable by the server: %v.", filepath.Dir(f.path), err)
		}
	}
	return s, nil
}

func (s *spot) close() {
	s.dir.Close()
	s.unlock()
}

// look returns what is there now, or nil. It refuses what a rename would ruin.
func (s *spot) look(name string) (*former, error) {
	info, err := s.dir.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("look at delivery file: %w", err)
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, refuse("The delivery file %s is a symbolic link. Name the file that it points to.", name)
	case !info.Mode().IsRegular():
		return nil, refuse("The delivery file %s is not a regular file.", name)
	case info.Size() > fileMax:
		return nil, refuse("The delivery file %s has %d bytes, so it holds more than a token. The whole file would be replaced.", name, info.Size())
	}
	opened, err := s.dir.Open(name)
	if err != nil {
		return nil, refuse("The delivery file %s is not readable by the server, which must keep a copy of it: %v.", name, err)
	}
	defer opened.Close()
	content, err := io.ReadAll(io.LimitReader(opened, fileMax))
	if err != nil {
		return nil, fmt.Errorf("read delivery file: %w", err)
	}
	was := &former{content: string(content), uid: os.Geteuid(), gid: os.Getegid(), mode: info.Mode()}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		was.uid, was.gid = int(stat.Uid), int(stat.Gid)
	}
	return was, nil
}

// write makes a temporary file complete and durable, for the readers of what was
// before. A nil was means a new file, or a copy that is nobody else's business.
func (s *spot) write(name, content string, was *former) (err error) {
	temp, err := s.dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return refuse("A file cannot be created in the delivery directory: %v.", err)
	}
	defer func() {
		err = errors.Join(err, temp.Close())
		if err != nil {
			_ = s.dir.Remove(name) // else the next call does it
		}
	}()
	s.point(PointTempCreated)
	if _, err := temp.WriteString(content); err != nil {
		return fmt.Errorf("write delivery file: %w", err)
	}
	if was != nil {
		if err := s.handOver(temp, name, was); err != nil {
			return err
		}
	}
	if err := temp.Sync(); err != nil {
		return fmt.Errorf("sync delivery file: %w", err)
	}
	s.point(PointTempWritten)
	return nil
}

// handOver gives a temporary file to the owner and the group of what was before.
func (s *spot) handOver(temp *os.File, name string, was *former) error {
	// Group first: until then the group's right would be for another group. Owner last:
	// CAP_CHOWN alone does not change the mode of a file that is somebody else's.
	err := temp.Chown(-1, was.gid)
	if err == nil {
		if err := temp.Chmod(0o600 | was.mode.Perm()&0o040); err != nil {
			return fmt.Errorf("set mode of delivery file: %w", err)
		}
		err = temp.Chown(was.uid, -1)
	}
	if err != nil {
		return refuse("The delivery file belongs to uid %d, gid %d, and the server may not give its successor to them: %v. "+
			"Make the server's user the owner of the file and let its group read it, or run the server with CAP_CHOWN.", was.uid, was.gid, err)
	}
	// A file that everybody could read has a successor that they cannot.
	again, err := s.dir.Open(name)
	if err != nil {
		return refuse("The delivery file belongs to uid %d, gid %d, and the server could not read its successor, neither to verify it nor to revert it: %v. "+
			"Add the server's user to that group and let the group read the file.", was.uid, was.gid, err)
	}
	again.Close()
	return nil
}

// place puts next in the place of a name, durably, and proves that it is there.
func (s *spot) place(name, content string) error {
	if err := s.dir.Rename(s.next, name); err != nil {
		return fmt.Errorf("put delivery file in place: %w", err)
	}
	s.point(PointRenamed)
	if err := s.sync(); err != nil {
		return err
	}
	there, err := s.look(name)
	if err != nil {
		return fmt.Errorf("read delivery file back: %w", err)
	}
	if there == nil || subtle.ConstantTimeCompare([]byte(there.content), []byte(content)) != 1 {
		return fmt.Errorf("put delivery file in place: %s does not hold what was put there; something else writes to it", name)
	}
	return nil
}

func (s *spot) sync() error {
	dir, err := s.dir.Open(".")
	if err != nil {
		return fmt.Errorf("open delivery directory: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// keep makes the copy of the former file.
func (s *spot) keep(was *former) error {
	if err := s.write(s.next, was.content, nil); err != nil {
		return err
	}
	if err := s.place(s.previous, was.content); err != nil {
		return err
	}
	s.point(PointPreviousKept)
	return nil
}

// forget removes the copy of the former file.
func (s *spot) forget() error {
	err := s.dir.Remove(s.previous)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("remove copy of former file: %w", err)
	}
	s.point(PointPreviousRemoved)
	return s.sync()
}

// forgetBefore removes the copy of what was before the change. A copy that holds the
// change's own token was made by a later delivery, which may need it.
func (s *spot) forgetBefore(change Change) error {
	if kept, err := s.look(s.previous); err == nil && kept != nil && change.isToken(strings.TrimSpace(kept.content)) {
		return nil
	}
	return s.forget()
}
