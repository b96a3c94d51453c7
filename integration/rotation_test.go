package integration

import (
	"context"
	"crypto/tls"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/redis/go-redis/v9"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// rotated is a group whose token is rotated by the service, and the file that the token
// is delivered to.
type rotated struct {
	*group
	file string
}

// newRotated creates a group of two nodes with token1, or with no token, and the file that
// its clients read their token from.
func newRotated(t *testing.T, engine, token string) *rotated {
	t.Helper()
	dir := t.TempDir()
	s := harness.Start(t, "--delivery-files", dir)
	in := elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)}
	if token != none {
		in.AuthToken = &token
	}
	r := &rotated{group: newGroup(t, s, engine, in), file: filepath.Join(dir, "token")}
	if token != none {
		if err := os.WriteFile(r.file, []byte(token+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// start begins a rotation that is to be over in no time.
func (r *rotated) start(spec own.StartAuthTokenRotationInput) own.Rotation {
	r.t.Helper()
	if spec.FinishOnly == nil {
		spec.Delivery = new("file:" + r.file)
	}
	rotation, err := r.Client().StartRotation(r.t.Context(), r.id, spec)
	if err != nil {
		r.t.Fatal(err)
	}
	return rotation
}

// await waits until the newest rotation is as it should be.
func (r *rotated) await(what string, right func(own.Rotation) bool) own.Rotation {
	r.t.Helper()
	var last own.Rotation
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		all, err := r.Client().Rotations(r.t.Context(), r.id)
		if err == nil && len(all) > 0 {
			if last = all[0]; right(last) {
				return last
			}
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("the rotation is not %s but %+v (%v)", what, last, err)
		}
	}
}

func (r *rotated) awaitState(state rotation.State) own.Rotation {
	r.t.Helper()
	return r.await(string(state), func(rotation own.Rotation) bool { return rotation.State == state })
}

// delivered is the token in the file.
func (r *rotated) delivered() string {
	r.t.Helper()
	text, err := os.ReadFile(r.file)
	if err != nil {
		r.t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// pool is a client that reads its token from the file whenever it connects, which it does
// again and again. Stop it before its counts are read.
type pool struct {
	*redis.Client
	commands, failures atomic.Int64
	failure            atomic.Value
	stop               context.CancelFunc
	done               sync.WaitGroup
}

// poolPause is from one command of a pool's worker to its next. A connection that was ended meanwhile fails that one: what go-redis
// looks for before, it cannot see through TLS. Without a pause the workers of twenty rotations take the whole machine.
const poolPause = 2 * time.Millisecond

func (r *rotated) startPool(workers int) *pool {
	host, _, _ := strings.Cut(r.primary(), ":")
	ctx, stop := context.WithCancel(r.t.Context())
	p := &pool{stop: stop, Client: redis.NewClient(&redis.Options{
		Addr: r.primary(), ClientName: "follows-the-file", ConnMaxLifetime: 200 * time.Millisecond, MaxRetries: -1, PoolSize: workers,
		TLSConfig: &tls.Config{RootCAs: r.ca, ServerName: host, MinVersion: tls.VersionTLS12},
		CredentialsProviderContext: func(context.Context) (string, string, error) {
			text, err := os.ReadFile(r.file)
			if os.IsNotExist(err) {
				return "", "", nil // there is no token yet
			}
			return "", strings.TrimSpace(string(text)), err
		},
	})}
	for range workers {
		p.done.Go(func() {
			for ctx.Err() == nil {
				p.commands.Add(1)
				if err := p.Set(r.t.Context(), "key", "value", 0).Err(); err != nil && ctx.Err() == nil {
					p.failures.Add(1)
					p.failure.Store(err.Error())
				}
				time.Sleep(poolPause) // a load, not a wait
			}
		})
	}
	r.t.Cleanup(p.end)
	return p
}

func (p *pool) end() {
	p.stop()
	p.done.Wait()
	_ = p.Close()
}

// check ends the pool and checks that nothing failed.
func (p *pool) check(t *testing.T) {
	t.Helper()
	p.end()
	if n := p.failures.Load(); n != 0 || p.commands.Load() < 20 {
		t.Errorf("%d of %d commands failed, for instance: %v", n, p.commands.Load(), p.failure.Load())
	}
}

// TestRotation: a rotation waits for the last client of the old token, and ends when it
// has gone; a pool that reads the delivered file notices nothing.
func TestRotation(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		for name, first := range map[string]string{"first-token": none, "next-token": token1} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				r := newRotated(t, engine, first)
				load := r.startPool(4)
				laggard := dial(t, r.primary(), r.ca)
				if first != none {
					laggard.do("AUTH", first)
				}
				laggard.do("CLIENT", "SETNAME", "laggard")

				started := r.start(own.StartAuthTokenRotationInput{Finish: new("quiet=700ms"), Grace: new("500ms"), Brownout: new("300ms")})
				r.awaitState(rotation.Waiting)
				second := r.delivered()
				r.checkAccess(first, second)
				r.awaitOnlyUser(started.OldCredential, "laggard")
				if all, _ := r.Client().Rotations(t.Context(), r.id); all[0].State != rotation.Waiting {
					t.Errorf("with the laggard still there it is %s", all[0].State)
				}
				if got := laggard.do("PING"); got != "PONG" {
					t.Errorf("the laggard got %q", got)
				}
				laggard.close()

				over := r.await("over", func(rotation own.Rotation) bool { return rotation.Over })
				if over.State != rotation.Done || over.RotationId != started.RotationId || over.BrownoutAt == nil {
					t.Fatalf("it ended as %+v", over)
				}
				r.checkAccess(second)
				load.check(t)
				r.checkSecrets(second)
				t.Logf("started→both accepted %v, delivered %v, SET %v; %d commands", over.RotatedAt.Sub(over.StartedAt), over.DeliveredAt.Sub(over.StartedAt),
					over.SetAt.Sub(over.StartedAt), load.commands.Load())
			})
		}
	})
}

// awaitOnlyUser waits until nobody but one client uses a credential.
func (r *rotated) awaitOnlyUser(credential, name string) {
	r.t.Helper()
	var last own.Usage
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		var err error
		if last, err = r.Client().TokenUsage(r.t.Context(), r.id); err != nil {
			r.t.Fatal(err)
		}
		for _, c := range last.Credentials {
			if c.Fingerprint == credential && c.Connections == 1 && len(c.Clients) > 0 && c.Clients[0].Name == name {
				return
			}
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("%s is used by others than %s: %+v", credential, name, last)
		}
	}
}

// checkSecrets looks for a token where it must not be.
func (r *rotated) checkSecrets(token string) {
	r.t.Helper()
	if strings.Contains(r.Output(), token) {
		r.t.Error("the log has the token")
	}
	info, err := os.Stat(r.file)
	if err != nil || info.Mode().Perm() != 0o600 {
		r.t.Errorf("the file is %v (%v)", info.Mode(), err)
	}
	err = filepath.WalkDir(r.Dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil //nolint:nilerr // what vanishes meanwhile, and sockets
		}
		if text, err := os.ReadFile(path); err == nil && strings.Contains(string(text), token) {
			r.t.Errorf("%s has the token", path)
		}
		return nil
	})
	if err != nil {
		r.t.Error(err)
	}
}
