package integration

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/redis/go-redis/v9"
	"github.com/valkey-io/valkey-go"

	"github.com/aikagi/aikagi/integration/harness"
)

// login is how a client is told to log in.
type login struct {
	Username string `json:"username"`
	Password string `json:"password"`
	Protocol int    `json:"protocol"` // for libraries that can choose
}

// library is a client library: it tries to log in, each time anew, and to write and
// read back a value.
type library func(g *group, logins []login) []error

// TestClientLibraries sees that client libraries with their default settings get in,
// or not, as the token set says, through a ROTATE and a SET.
func TestClientLibraries(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2)})
		libraries := map[string]library{"go-redis": goRedis, "valkey-go": valkeyGo}
		if python := redisPy(); python != "" {
			libraries["redis-py"] = script(python, "testdata/redis_py.py")
		} else {
			t.Log("redis-py is not tried: no Python has it (apt-get install python3-redis)")
		}
		if modules, err := ioredis(); err == nil {
			libraries["ioredis"] = script("node", "testdata/ioredis.js", "NODE_PATH="+modules)
		} else {
			t.Logf("ioredis is not tried: %v", err)
		}
		g.checkLibraries(libraries, []login{{}}, []login{{Password: tokenWrong}})
		g.change(rotate, token1)
		g.checkLibraries(libraries, append(both(token1), login{}), both(tokenWrong))
		g.change(set, token1)
		g.checkLibraries(libraries, both(token1), append(both(tokenWrong), login{}))
		g.change(rotate, token2)
		g.checkLibraries(libraries, append(both(token1), both(token2)...), []login{{}})
	})
}

// both are the two ways to configure a token: alone, and with the user name default.
func both(token string) []login {
	return []login{
		{Password: token}, {Username: "default", Password: token},
		{Password: token, Protocol: 2}, {Username: "default", Password: token, Protocol: 2},
	}
}

func (g *group) checkLibraries(libraries map[string]library, accepted, refused []login) {
	g.t.Helper()
	for name, try := range libraries {
		errs := try(g, append(append([]login{}, accepted...), refused...))
		for i, err := range errs {
			switch {
			case i < len(accepted) && err != nil:
				g.t.Errorf("%s with %+v: %v", name, accepted[i], err)
			case i >= len(accepted) && err == nil:
				g.t.Errorf("%s with %+v gets in", name, refused[i-len(accepted)])
			case i >= len(accepted) && !strings.Contains(err.Error(), "NOAUTH") && !strings.Contains(err.Error(), "WRONGPASS") &&
				!strings.Contains(err.Error(), "AuthenticationError"):
				g.t.Errorf("%s with %+v is refused for another reason: %v", name, refused[i-len(accepted)], err)
			}
		}
		if len(errs) != len(accepted)+len(refused) {
			g.t.Errorf("%s gave %d answers", name, len(errs))
		}
	}
}

func (g *group) clientTLS() *tls.Config {
	return &tls.Config{RootCAs: g.ca, MinVersion: tls.VersionTLS12}
}

func goRedis(g *group, logins []login) []error {
	address := g.primary()
	var errs []error
	for _, l := range logins {
		client := redis.NewClient(&redis.Options{
			Addr: address, Username: l.Username, Password: l.Password, Protocol: l.Protocol, TLSConfig: g.clientTLS(),
		})
		_, err := client.Set(g.t.Context(), "k", "v", 0).Result()
		if err == nil {
			_, err = client.Get(g.t.Context(), "k").Result()
		}
		errs = append(errs, errors.Join(err, client.Close()))
	}
	return errs
}

func valkeyGo(g *group, logins []login) []error {
	address := g.primary()
	var errs []error
	for _, l := range logins {
		errs = append(errs, valkeyGoOnce(g, address, l))
	}
	return errs
}

func valkeyGoOnce(g *group, address string, l login) error {
	client, err := valkey.NewClient(valkey.ClientOption{
		InitAddress: []string{address}, Username: l.Username, Password: l.Password,
		AlwaysRESP2: l.Protocol == 2, DisableCache: l.Protocol == 2, // caching needs protocol 3
		TLSConfig: g.clientTLS(),
	})
	if err != nil {
		return err
	}
	defer client.Close()
	if err := client.Do(g.t.Context(), client.B().Set().Key("k").Value("v").Build()).Error(); err != nil {
		return err
	}
	return client.Do(g.t.Context(), client.B().Get().Key("k").Build()).Error()
}

// script is a library of another language, behind a script that answers a line for
// each login.
func script(interpreter, file string, env ...string) library {
	return func(g *group, logins []login) []error {
		host, port, _ := net.SplitHostPort(g.primary())
		number, _ := strconv.Atoi(port)
		job, _ := json.Marshal(map[string]any{"host": host, "port": number, "ca": g.CAFile(), "logins": logins})
		command := exec.CommandContext(g.t.Context(), interpreter, file, string(job))
		command.Env, command.Stderr = append(os.Environ(), env...), os.Stderr
		out, err := command.Output()
		if err != nil {
			g.t.Errorf("%s: %v", file, err)
		}
		var errs []error
		for line := range strings.Lines(string(out)) {
			if line = strings.TrimSpace(line); line == "ok" {
				errs = append(errs, nil)
			} else {
				errs = append(errs, errors.New(line))
			}
		}
		return errs
	}
}

const ioredisVersion = "5.11.1"

// redisPy finds a Python that has redis-py.
func redisPy() string {
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(python, "-c", "import redis").Run() == nil {
			return python
		}
	}
	return ""
}

// ioredis installs the library once, and returns the folder of modules.
var ioredis = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "aikagi-test", "ioredis-"+ioredisVersion)
	modules := filepath.Join(dir, "node_modules")
	if _, err := os.Stat(filepath.Join(modules, "ioredis")); err == nil {
		return modules, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts",
		"--prefix", dir, "ioredis@"+ioredisVersion).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("npm install ioredis: %w\n%s", err, out)
	}
	return modules, nil
})
