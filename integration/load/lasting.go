package load

import (
	"errors"
	"sync"
	"time"
)

// lastingPause is the time between two commands of a lasting connection.
const lastingPause = 5 * time.Millisecond

// lasting is a connection that stays open while the token that opened it is retired.
// It must not notice: engines look at a password when a client logs in, and SET ends
// no connection.
type lasting struct {
	stop chan struct{}
	done sync.WaitGroup
}

// openLasting opens one connection to each node, and returns when they are logged in.
func (r *run) openLasting(with credential) {
	for i, node := range r.group.Nodes {
		conn, err := Dial(node, r.group.TLS(node))
		if err == nil {
			err = conn.Login(with.token, Form(i%int(formCount)))
		}
		r.tally.login(with.kind, false, errors.Is(err, ErrRefused), err)
		if err != nil {
			continue
		}
		l := &lasting{stop: make(chan struct{})}
		r.lasting = append(r.lasting, l)
		// Its keys are its own: below those of the clients.
		c := r.client(i, with)
		c.id = -1 - i
		l.done.Go(func() {
			defer conn.Close()
			l.run(c, conn)
		})
	}
}

func (l *lasting) run(c *client, conn *Conn) {
	for n := 0; ; n++ {
		select {
		case <-l.stop:
			return
		case <-time.After(lastingPause):
		}
		_ = conn.SetDeadline(time.Now().Add(connTimeout))
		if c.command(conn, n) != nil {
			return
		}
	}
}

func (r *run) closeLasting() {
	for _, l := range r.lasting {
		close(l.stop)
		l.done.Wait()
		r.tally.report.Lasting++
	}
	r.lasting = nil
}
