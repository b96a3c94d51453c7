package health

import (
	"context"
	"errors"
	"io"
	"syscall"
	"time"

	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/provider"
)

// A connection that cannot be opened is tried again after a pause that doubles.
const (
	retryFirst = 10 * time.Millisecond
	retryMost  = 200 * time.Millisecond
)

// sign is what is heard of a node.
type sign int

const (
	nothing  sign = iota // our context has ended
	opened               // it let us in: there is a connection now
	refused              // it answered with an error, or hung up on us
	answered             // it told its role
	gone                 // it has no process
)

type answer struct {
	sign sign
	view engine.RoleView // if answered
}

// link is the connection to a node, opened when it is needed.
type link struct {
	connect func(context.Context) (Pinger, error)
	pinger  Pinger // nil unless there is a connection
}

// ask returns when there is a sign of the node, or ctx has ended.
func (l *link) ask(ctx context.Context) answer {
	for pause := retryFirst; ; pause = min(2*pause, retryMost) {
		if a := l.try(ctx); a.sign != nothing || !sleep(ctx, pause) {
			return a
		}
	}
}

// try asks for the role or, if there is no connection, opens one.
func (l *link) try(ctx context.Context) answer {
	if l.pinger != nil {
		// A context that can end costs engine.Admin two goroutines; the connection ends instead.
		view, err := l.pinger.Role(context.WithoutCancel(ctx))
		switch {
		case err == nil:
			return answer{answered, view}
		case ctx.Err() != nil:
			return answer{sign: nothing}
		case engine.IsRefused(err):
			return answer{sign: refused}
		}
		l.close()
	}
	pinger, err := l.connect(ctx)
	switch {
	case err == nil:
		l.pinger = pinger
		return answer{sign: opened}
	case ctx.Err() != nil:
		return answer{sign: nothing}
	case errors.Is(err, provider.ErrNotRunning), errors.Is(err, provider.ErrAbsent):
		return answer{sign: gone}
	case engine.IsRefused(err), hungUp(err):
		return answer{sign: refused}
	}
	return answer{sign: nothing}
}

// hungUp reports whether the other side ended the connection. An engine that has too many
// clients takes one more only to do that.
func hungUp(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

func (l *link) close() {
	if l.pinger != nil {
		l.pinger.Close()
		l.pinger = nil
	}
}

// sleep returns false if ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
