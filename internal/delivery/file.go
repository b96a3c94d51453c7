package delivery

import (
	"context"
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

type file struct {
	path    string
	options Options
}

// spot is the directory of the target, opened, and the names in it.
type spot struct {
	dir                  *os.Root
	name, next, previous string
	point                func(string)
}

// former is what a file was before it is replaced.
type former struct {
	content  string
	uid, gid int
	mode     fs.FileMode
}

// open finds the directory, and removes what a crash may have left in it.
func (f *file) open() (*spot, error) {
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
	s := &spot{dir: dir, name: name, next: "." + name + ".aikagi-next", previous: "." + name + ".aikagi-previous", point: f.options.Point}
	if err := dir.Remove(s.next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		dir.Close()
		return nil, refuse("The directory %s is not writable for the server: %v.", filepath.Dir(f.path), err)
	}
	return s, nil
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
		return nil, refuse("The delivery file %s is not readable for the server, which must keep a copy of it: %v.", name, err)
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

// write makes next complete and durable, for the readers of what was before. A nil
// was means a new file, or a copy that is nobody else's business.
func (s *spot) write(content string, was *former) (err error) {
	temp, err := s.dir.OpenFile(s.next, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return refuse("A file cannot be made in the delivery directory: %v.", err)
	}
	defer func() {
		err = errors.Join(err, temp.Close())
		if err != nil {
			_ = s.dir.Remove(s.next) // else the next call does it
		}
	}()
	s.point(PointTempCreated)
	if _, err := temp.WriteString(content); err != nil {
		return fmt.Errorf("write delivery file: %w", err)
	}
	if was != nil {
		// Owner first: until then the group's right would be for another group.
		if err := temp.Chown(was.uid, was.gid); err != nil {
			return refuse("The delivery file belongs to uid %d, gid %d, and the server may not give its successor to them: %v. "+
				"Give the file to the server's user and let its group read it, or let the server run with CAP_CHOWN.", was.uid, was.gid, err)
		}
		if err := temp.Chmod(0o600 | was.mode.Perm()&0o040); err != nil {
			return fmt.Errorf("set mode of delivery file: %w", err)
		}
	}
	if err := temp.Sync(); err != nil {
		return fmt.Errorf("sync delivery file: %w", err)
	}
	s.point(PointTempWritten)
	return nil
}

// rename puts next in the place of a name, durably.
func (s *spot) rename(name string) error {
	if err := s.dir.Rename(s.next, name); err != nil {
		return fmt.Errorf("put delivery file in place: %w", err)
	}
	s.point(PointRenamed)
	return s.sync()
}

func (s *spot) sync() error {
	dir, err := s.dir.Open(".")
	if err != nil {
		return fmt.Errorf("open delivery directory: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
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

// Check makes, hands over and removes a file beside the target.
func (f *file) Check(context.Context) error {
	s, err := f.open()
	if err != nil {
		return err
	}
	defer s.dir.Close()
	was, err := s.look(s.name)
	if err != nil {
		return err
	}
	if err := s.write("", was); err != nil {
		return err
	}
	if err := s.dir.Remove(s.next); err != nil {
		return fmt.Errorf("remove trial file: %w", err)
	}
	return nil
}

// Stage is Check.
func (f *file) Stage(ctx context.Context, change Change) error {
	if err := change.check(true); err != nil {
		return err
	}
	return f.Check(ctx)
}

// Deliver replaces the file and keeps a copy of the former one.
func (f *file) Deliver(_ context.Context, change Change) error {
	if err := change.check(true); err != nil {
		return err
	}
	s, err := f.open()
	if err != nil {
		return err
	}
	defer s.dir.Close()
	was, err := s.look(s.name)
	if err != nil {
		return err
	}
	switch {
	case was == nil:
		// A copy of another rotation must not be taken for what was here before.
		if err := s.forget(); err != nil {
			return err
		}
	case change.isToken(strings.TrimSpace(was.content)):
		return s.sync() // the kill may have come before it
	default:
		if err := s.keep(was); err != nil {
			return err
		}
	}
	if err := s.write(change.Token.Reveal(), was); err != nil {
		_ = s.forget() // the file is still what it was; else Revert or Finish do it
		return err
	}
	return s.rename(s.name)
}

func (s *spot) keep(was *former) error {
	if err := s.write(was.content, nil); err != nil {
		return err
	}
	if err := s.rename(s.previous); err != nil {
		return err
	}
	s.point(PointPreviousKept)
	return nil
}

// Revert puts the copy back.
func (f *file) Revert(_ context.Context, change Change) error {
	if err := change.check(false); err != nil {
		return err
	}
	s, err := f.open()
	if err != nil {
		return err
	}
	defer s.dir.Close()
	now, err := s.look(s.name)
	if err != nil {
		return err
	}
	if now == nil || !change.isToken(strings.TrimSpace(now.content)) {
		return s.forget()
	}
	was, err := s.look(s.previous)
	if err != nil {
		return err
	}
	if was == nil {
		return fmt.Errorf("revert %s: %w", f.path, ErrNothingBefore)
	}
	if err := s.write(was.content, now); err != nil {
		return err
	}
	if err := s.rename(s.name); err != nil {
		return err
	}
	return s.forget()
}

// Finish removes the copy.
func (f *file) Finish(_ context.Context, change Change) error {
	if err := change.check(false); err != nil {
		return err
	}
	s, err := f.open()
	if err != nil {
		return err
	}
	defer s.dir.Close()
	return s.forget()
}
