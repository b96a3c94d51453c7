package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// How often a follower looks, and how often it tells of progress where it cannot redraw.
const (
	followEvery   = 500 * time.Millisecond
	usageEvery    = 2 * time.Second
	progressEvery = 10 * time.Second
)

// rotations is what a follower asks of a control plane.
type rotations interface {
	Rotation(ctx context.Context, group, id string) (own.Rotation, bool, error)
	TokenUsage(ctx context.Context, group string) (own.Usage, error)
	TransitUsage(ctx context.Context, group string) (own.TransitUsage, error)
}

// follower shows a rotation while it goes on. On a terminal its last line is progress that
// is redrawn; elsewhere every line stays, and none has escape codes.
type follower struct {
	to    io.Writer
	api   rotations
	live  bool // a terminal
	every time.Duration
	asked bool // it ends when the rotation waits for its owner

	shown    own.Rotation // what was told; zero: nothing
	usage    *own.Usage
	transit  *own.TransitUsage
	askedAt  time.Time
	progress string // the last that was told
	toldAt   time.Time
	drawn    bool // a progress line is to be overwritten
	silent   bool // the control plane does not answer, and that was told
}

func newFollower(to io.Writer, api rotations, live bool) *follower {
	return &follower{to: to, api: api, live: live, every: followEvery}
}

// follow shows a rotation to its end. The error is nil only when it is done, or asks.
func (f *follower) follow(ctx context.Context, r own.Rotation) error {
	tick := time.NewTicker(f.every)
	defer tick.Stop()
	for {
		f.tell(r)
		if r.Over {
			return endOf(r)
		}
		if f.asked && r.Finish == "ask" && !r.FinishRequested {
			if text := questionOf(r); text != "" {
				f.wipe()
				fmt.Fprintln(f.to, text)
				return nil
			}
		}
		f.ask(ctx, r)
		f.tellProgress(r, time.Now())
		select {
		case <-ctx.Done():
			return f.interrupted(r)
		case <-tick.C:
		}
		next, found, err := f.api.Rotation(ctx, r.ReplicationGroupId, r.RotationId)
		switch {
		case ctx.Err() != nil:
			return f.interrupted(r)
		case client.IsCode(err, "ReplicationGroupNotFoundFault"), err == nil && !found:
			return fmt.Errorf("rotation %s of %s is not known any more", r.RotationId, r.ReplicationGroupId)
		case err != nil:
			f.unanswered(err)
		default:
			r, f.silent = next, false
		}
	}
}

// questionOf is what a rotation asks its owner; empty: nothing.
func questionOf(r own.Rotation) string {
	switch r.State {
	case "waiting":
		return fmt.Sprintf("%s waits for you; who is left: aikagi token usage %s; end %s: aikagi token continue %[2]s",
			r.RotationId, r.ReplicationGroupId, credentialName(r.OldCredential))
	case "awaiting-tls":
		return fmt.Sprintf("%s waits for you; who is left: aikagi tls usage %s; end plaintext: aikagi token continue %[2]s", r.RotationId, r.ReplicationGroupId)
	}
	return ""
}

// endOf is nil for a rotation that is done.
func endOf(r own.Rotation) error {
	if r.State == "done" {
		return nil
	}
	return fmt.Errorf("rotation %s of %s is %s", r.RotationId, r.ReplicationGroupId, because(r.State, r.Reason))
}

func because[S ~string](what S, why string) string {
	if why == "" {
		return string(what)
	}
	return string(what) + ": " + why
}

func (f *follower) interrupted(r own.Rotation) error {
	f.wipe()
	return exitError{exitUnderWay, fmt.Errorf("rotation %s goes on; watch it with: aikagi token watch %s; end it with: aikagi token cancel %[2]s",
		r.RotationId, r.ReplicationGroupId)}
}

// unanswered tells once that the control plane is away; the rotation goes on when it is back.
func (f *follower) unanswered(err error) {
	if f.silent {
		return
	}
	f.silent = true
	f.wipe()
	fmt.Fprintln(os.Stderr, "aikagi: trying again:", err)
}

// ask finds out who uses the old token, or plaintext, in the states in which it matters.
func (f *follower) ask(ctx context.Context, r own.Rotation) {
	if !usageMatters(r.State) {
		f.usage = nil
	}
	if r.State != rotation.AwaitingTLS {
		f.transit = nil
	}
	if (f.usage != nil || f.transit != nil) && time.Since(f.askedAt) < usageEvery {
		return
	}
	switch { // an old answer is better than none
	case usageMatters(r.State):
		f.askedAt = time.Now()
		if usage, err := f.api.TokenUsage(ctx, r.ReplicationGroupId); err == nil {
			f.usage = &usage
		}
	case r.State == rotation.AwaitingTLS:
		f.askedAt = time.Now()
		if transit, err := f.api.TransitUsage(ctx, r.ReplicationGroupId); err == nil {
			f.transit = &transit
		}
	}
}

func usageMatters(state rotation.State) bool {
	return state == "waiting" || state == "brownout" || state == "watching"
}

// tell prints what happened since the last look.
func (f *follower) tell(r own.Rotation) {
	lines := newsOf(f.shown, r)
	if len(lines) > 0 {
		f.wipe()
	}
	for _, l := range lines {
		fmt.Fprintf(f.to, "%s  %s\n", clock(l.at), l.text)
	}
	if f.shown.State != r.State {
		f.progress = "" // the next one is told at once
	}
	f.shown = r
}

// tellProgress says what is being waited for.
func (f *follower) tellProgress(r own.Rotation, now time.Time) {
	text := progressOf(r, f.usage, now)
	if r.State == rotation.AwaitingTLS {
		text = plaintextProgress(r, f.transit)
	}
	switch {
	case text == "":
		return
	case f.live:
		fmt.Fprintf(f.to, "\r\x1b[K%s  %s", clock(now), fit(text))
		f.drawn = true
	case f.progress == "" || stripDigits(text) != stripDigits(f.progress) || now.Sub(f.toldAt) >= progressEvery && text != f.progress:
		fmt.Fprintf(f.to, "%s  %s\n", clock(now), text)
		f.progress, f.toldAt = text, now
	}
}

// wipe makes room for a line that stays.
func (f *follower) wipe() {
	if f.drawn {
		fmt.Fprint(f.to, "\r\x1b[K")
		f.drawn = false
	}
}

// stripDigits is what makes two lines of progress the same but for their figures.
func stripDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s)
}

// fit keeps a line that is redrawn from wrapping on a terminal of common width.
func fit(s string) string {
	const width = 110
	if runes := []rune(s); len(runes) > width {
		return string(runes[:width-1]) + "…"
	}
	return s
}
