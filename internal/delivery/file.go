package delivery

import (
	"context"
	"fmt"
	"strings"
)

type file struct {
	path    string
	options Options
}

// Check makes, hands over and removes a file beside the target. That file is never
// renamed, and so has a name that no other call uses.
func (f *file) Check(ctx context.Context) error {
	s, err := f.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	was, err := s.look(s.name)
	if err != nil {
		return err
	}
	if err := s.write(s.trial, "", was); err != nil {
		return err
	}
	if err := s.dir.Remove(s.trial); err != nil {
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
func (f *file) Deliver(ctx context.Context, change Change) error {
	if err := change.check(true); err != nil {
		return err
	}
	s, err := f.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
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
	if err := s.write(s.next, change.Token.Reveal(), was); err != nil {
		_ = s.forget() // the file is still what it was; else Revert or Finish do it
		return err
	}
	return s.place(s.name, change.Token.Reveal())
}

// Revert puts the copy back.
func (f *file) Revert(ctx context.Context, change Change) error {
	if err := change.check(false); err != nil {
		return err
	}
	s, err := f.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	now, err := s.look(s.name)
	if err != nil {
		return err
	}
	if now == nil || !change.isToken(strings.TrimSpace(now.content)) {
		return s.forgetBefore(change)
	}
	was, err := s.look(s.previous)
	if err != nil {
		return err
	}
	if was == nil {
		return fmt.Errorf("revert %s: %w", f.path, ErrNothingBefore)
	}
	if err := s.write(s.next, was.content, now); err != nil {
		return err
	}
	if err := s.place(s.name, was.content); err != nil {
		return err
	}
	return s.forget()
}

// Finish removes the copy, whichever token is in use. It does not touch the file.
func (f *file) Finish(ctx context.Context, change Change) error {
	if err := change.check(false); err != nil {
		return err
	}
	s, err := f.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	return s.forgetBefore(change)
}
