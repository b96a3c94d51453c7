package trial

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/valkey-io/valkey-go"
)

// writePause is the time between two writes of one writer.
const writePause = time.Millisecond

// A writer writes with odd sequences to keys of their own, with even ones to the end
// of its list.
func writerKey(name string, sequence int) string { return fmt.Sprintf("chaos:%s:%d", name, sequence) }
func writerList(name string) string              { return "chaos:" + name + ":list" }

// library is a client library with its default settings, for one writer.
type library interface {
	set(ctx context.Context, key string, value int) error
	push(ctx context.Context, list string, value int) error
	close()
}

// writer writes through the primary endpoint, one write after the other, until the
// context ends.
type writer struct {
	name   string
	open   func() (library, error)
	ledger *ledger
}

func (w *writer) run(ctx context.Context) {
	var client library
	for sequence := 0; ctx.Err() == nil; sequence++ {
		began := now()
		err := w.write(&client, sequence)
		if ended := now(); err == nil {
			w.ledger.acknowledge(Write{Client: w.name, Sequence: sequence, Sent: began, Acked: ended})
		} else {
			w.ledger.fail(Failure{Client: w.name, Sent: began, Ended: ended, Text: err.Error()})
		}
		select {
		case <-ctx.Done():
		case <-time.After(writePause):
		}
	}
	if client != nil {
		client.close()
	}
}

// writeLimit bounds one write, with all that a library does to repeat it. None of
// them comes near it by itself, so it shows one that is stuck.
const writeLimit = 30 * time.Second

func (w *writer) write(client *library, sequence int) (err error) {
	if *client == nil {
		if *client, err = w.open(); err != nil {
			return err
		}
	}
	// A write that is under way when the load ends is waited for: it counts.
	ctx, cancel := context.WithTimeout(context.Background(), writeLimit)
	defer cancel()
	if sequence%2 == 1 {
		return (*client).set(ctx, writerKey(w.name, sequence), sequence)
	}
	return (*client).push(ctx, writerList(w.name), sequence)
}

// goRedis is github.com/redis/go-redis.
type goRedis struct{ *redis.Client }

func openGoRedis(g *group) (library, error) {
	return goRedis{redis.NewClient(&redis.Options{Addr: g.primaryEndpoint, Password: g.token, TLSConfig: g.tls()})}, nil
}

func (c goRedis) set(ctx context.Context, key string, value int) error {
	return c.Set(ctx, key, value, 0).Err()
}

func (c goRedis) push(ctx context.Context, list string, value int) error {
	return c.RPush(ctx, list, value).Err()
}

func (c goRedis) close() { _ = c.Close() }

// valkeyGo is github.com/valkey-io/valkey-go.
type valkeyGo struct{ valkey.Client }

func openValkeyGo(g *group) (library, error) {
	client, err := valkey.NewClient(valkey.ClientOption{InitAddress: []string{g.primaryEndpoint}, Password: g.token, TLSConfig: g.tls()})
	if client == nil {
		return nil, errors.Join(err, errors.New("no client"))
	}
	return valkeyGo{client}, err
}

func (c valkeyGo) set(ctx context.Context, key string, value int) error {
	return c.Do(ctx, c.B().Set().Key(key).Value(fmt.Sprint(value)).Build()).Error()
}

func (c valkeyGo) push(ctx context.Context, list string, value int) error {
	return c.Do(ctx, c.B().Rpush().Key(list).Element(fmt.Sprint(value)).Build()).Error()
}

func (c valkeyGo) close() { c.Close() }
