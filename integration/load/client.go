package load

import (
	"crypto/tls"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// seedKey is a key with a value that every node has.
const seedKey, seedValue = "load:seed", "planted before the first client came"

// credential is what a client logs in with.
type credential struct {
	token string // empty: none
	kind  Kind
}

// client connects to one node, again and again.
type client struct {
	id       int
	node     string
	primary  bool
	tls      *tls.Config
	commands int
	pause    time.Duration
	tally    *tally
	logins   atomic.Int64 // that have ended, either way

	mu         sync.Mutex // held from dialing to the end of the login; guards credential
	credential credential
}

// use changes what the client logs in with. When it returns, no login with what it
// used before is under way.
func (c *client) use(next credential) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.credential = next
}

// run connects until stop is closed.
func (c *client) run(stop <-chan struct{}) {
	for n := c.id; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		conn, err := c.connect(Form(n % int(formCount)))
		c.logins.Add(1)
		if err != nil {
			// One that is refused at once must not take the machine from the others.
			time.Sleep(c.pause)
			continue
		}
		for i := range c.commands {
			if err := c.command(conn, i); err != nil {
				break
			}
			time.Sleep(c.pause)
		}
		_ = conn.Close()
	}
}

func (c *client) connect(form Form) (*Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	during := c.tally.changing.Load()
	conn, err := Dial(c.node, c.tls)
	if err == nil {
		if err = conn.Login(c.credential.token, form); err != nil {
			_ = conn.Close()
		}
	}
	c.tally.login(c.credential.kind, during || c.tally.changing.Load(), errors.Is(err, ErrRefused), err)
	return conn, err
}

// command sends one command and checks its answer.
func (c *client) command(conn *Conn, n int) error {
	key, value := fmt.Sprintf("load:%d", c.id), fmt.Sprintf("value %d", n/2)
	words, want := []string{"GET", seedKey}, seedValue
	switch {
	case c.primary && n%2 == 0:
		words, want = []string{"SET", key, value}, "OK"
	case c.primary:
		words, want = []string{"GET", key}, value
	}
	got, err := conn.Do(words...)
	if err == nil && got != want {
		err = fmt.Errorf("%s answered %q, want %q", words[0], got, want)
	}
	c.tally.command(err)
	return err
}
