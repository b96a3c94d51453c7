package integration

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// holder is a client that opens connections and keeps them.
type holder struct {
	// open returns how many logins the client counted itself, and how many connections it keeps.
	open  func(t *testing.T, g *group) (logins int64, connections int)
	close func()
}

// holders are the client libraries that are there, by the name that they give themselves.
func (g *group) holders(token string) map[string]holder {
	all := map[string]holder{"go-pool": goPool(g, token)}
	if python := redisPy(); python != "" {
		all["py-worker"] = scripted(3, "py-worker", token, python, "testdata/usage_redis_py.py")
	} else {
		g.t.Log("redis-py is not tried: no Python has it")
	}
	if modules, err := ioredis(); err == nil {
		all["js-worker"] = scripted(2, "js-worker", token, "node", "testdata/usage_ioredis.js", "NODE_PATH="+modules)
	} else {
		g.t.Logf("ioredis is not tried: %v", err)
	}
	return all
}

// goPool is a pool of go-redis with four connections in use. It gives up on none, however slow the machine is: the node has
// counted a login that its client did not wait for.
func goPool(g *group, token string) holder {
	const size = 4
	var logins atomic.Int64
	pool := redis.NewClient(&redis.Options{
		Addr: g.primary(), Password: token, ClientName: "go-pool", PoolSize: size, TLSConfig: g.clientTLS(),
		DialTimeout: time.Minute, ReadTimeout: time.Minute, WriteTimeout: time.Minute, MaxRetries: -1,
		OnConnect: func(context.Context, *redis.Conn) error { logins.Add(1); return nil },
	})
	g.t.Cleanup(func() { _ = pool.Close() })
	return holder{
		open: func(t *testing.T, g *group) (int64, int) {
			t.Helper()
			for range size {
				taken := pool.Conn()                 // nobody else's until it is given back
				defer func() { _ = taken.Close() }() // to the pool
				if err := taken.Ping(t.Context()).Err(); err != nil {
					t.Fatal(err)
				}
			}
			return logins.Load(), int(pool.PoolStats().TotalConns)
		},
		close: func() { _ = pool.Close() },
	}
}

// scripted is a client of another language: it prints its logins when its connections are
// open, and ends them when its input does.
func scripted(connections int, name, token, interpreter, file string, env ...string) holder {
	var input io.Closer
	return holder{
		open: func(t *testing.T, g *group) (int64, int) {
			t.Helper()
			host, port, _ := net.SplitHostPort(g.primary())
			number, _ := strconv.Atoi(port)
			job, _ := json.Marshal(map[string]any{
				"host": host, "port": number, "ca": g.CAFile(), "name": name, "token": token, "connections": connections,
			})
			command := exec.CommandContext(t.Context(), interpreter, file, string(job))
			command.Env, command.Stderr = append(os.Environ(), env...), os.Stderr
			in, err := command.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := command.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			input = in
			t.Cleanup(func() { _ = in.Close(); _ = command.Wait() })
			line, err := bufio.NewReader(out).ReadString('\n')
			logins, _ := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
			if err != nil || logins == 0 {
				t.Fatalf("%s says %q (%v)", file, line, err)
			}
			return logins, connections
		},
		close: func() { _ = input.Close() },
	}
}

// tryLogin logs in with the first token where nobody may be listening.
func tryLogin(g *group, address string) (string, error) {
	host, _, _ := net.SplitHostPort(address)
	conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: g.ca, ServerName: host, MinVersion: tls.VersionTLS12})
	if err != nil {
		return "", err
	}
	defer conn.Close()
	return (&wire{t: g.t, conn: conn, in: bufio.NewReader(conn)}).try("AUTH", token1)
}
