package engine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/cache/usage"
)

// ErrLoading says that a node reads its snapshot and can tell nothing yet.
var ErrLoading = errors.New("node is loading its data")

// Counters is what a node counts. Counts are since the node's process started, but those of
// credentials, which outlive it.
type Counters struct {
	Info
	Run       string // names the process; counts of two runs do not go together
	Commands  int64
	Hits      int64 // of keys that were looked up
	Misses    int64
	Evictions int64         // of keys, for want of memory
	CPU       time.Duration // that the main thread has used
	// Credentials are those that the engine module knows, in no order.
	Credentials []CredentialCounters
}

// ReplicaLag is when a replica gave sign of life last, as its primary knows it.
type ReplicaLag struct {
	Address netip.AddrPort // that it announces
	Seconds int64
}

// CredentialCounters is how much one credential is used.
type CredentialCounters struct {
	Credential string // a fingerprint, or [token.None]
	// Authentications are the logins that were accepted; of NONE the connections that were
	// opened, which falls when one ends on which nothing was ever sent.
	Authentications int64
	// Connections are live; -1: the node runs the engine module of an older aikagi, which does not tell.
	Connections int64
}

// AskCounters connects to a node's admin socket, asks the node for what it counts, and hangs up. In contrast
// to [Admin.Usage] no list of the connections is made for it. It is a use of no credential.
//
// It is for a control plane that asks very many nodes, seldom: all goes out in one write, which
// costs a fraction of what a client library takes to connect.
func AskCounters(ctx context.Context, dial Dial, keyring Keyring, nodeUID string) (Counters, error) {
	conn, err := dial(ctx)
	if err != nil {
		return Counters{}, fmt.Errorf("ask node for its counters: %w", err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	c, err := askCounters(conn, keyring.Admin(nodeUID))
	if err != nil {
		return Counters{}, fmt.Errorf("ask node for its counters: %w", err)
	}
	return c, nil
}

func askCounters(conn io.ReadWriter, password Secret) (Counters, error) {
	var b strings.Builder
	writeCommand(&b, []string{"AUTH", AdminUser, password.Reveal()})
	writeCommand(&b, []string{usageCommand})
	writeCommand(&b, []string{"INFO"})
	if _, err := io.WriteString(conn, b.String()); err != nil {
		return Counters{}, err
	}
	replies := bufio.NewReader(conn)
	if _, err := readText(replies); err != nil {
		return Counters{}, err
	}
	report, reportErr := readText(replies)
	if reportErr != nil && !errors.Is(reportErr, errRefused) {
		return Counters{}, reportErr
	}
	text, err := readText(replies)
	if err != nil {
		return Counters{}, err
	}
	c := parseCounters(text)
	switch {
	case c.Loading:
		return Counters{}, ErrLoading
	case reportErr != nil: // the module of a version without counting
		return c, nil
	}
	c.Credentials, err = parseCredentialCounters(report)
	return c, err
}

// errRefused is wrapped by the errors that are a reply of the engine.
var errRefused = errors.New("engine refuses")

// readText reads a reply that is one text, of a length that can be believed.
func readText(r *bufio.Reader) (string, error) {
	const longest = 1 << 20
	line, err := r.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	if text, ok := strings.CutPrefix(line, "+"); ok {
		return text, nil
	}
	if text, ok := strings.CutPrefix(line, "-"); ok {
		return "", fmt.Errorf("%w: %s", errRefused, text)
	}
	text, ok := strings.CutPrefix(line, "$")
	n, err := strconv.Atoi(text)
	if !ok || err != nil || n < 0 || n > longest {
		return "", fmt.Errorf("reply begins with %.20q", line)
	}
	bulk := make([]byte, n+len("\r\n"))
	if _, err := io.ReadFull(r, bulk); err != nil {
		return "", err
	}
	return string(bulk[:n]), nil
}

// parseCounters reads the answer of INFO.
func parseCounters(text string) Counters {
	f := parseInfoFields(text)
	c := Counters{
		Info: f.info(), Run: strings.Clone(f["run_id"]),
		Commands: f.number("total_commands_processed"), Evictions: f.number("evicted_keys"),
		Hits: f.number("keyspace_hits"), Misses: f.number("keyspace_misses"),
		CPU: f.seconds("used_cpu_sys_main_thread") + f.seconds("used_cpu_user_main_thread"),
	}
	if _, ok := f["used_cpu_user_main_thread"]; !ok { // not every system tells threads apart
		c.CPU = f.seconds("used_cpu_sys") + f.seconds("used_cpu_user")
	}
	return c
}

func (f infoFields) seconds(name string) time.Duration {
	s, _ := strconv.ParseFloat(f[name], 64)
	return time.Duration(s * float64(time.Second))
}

// parseReplicaLag reads ip=127.0.0.1,port=6379,state=online,offset=14,lag=0 and what later
// engines add.
func parseReplicaLag(line string) (ReplicaLag, bool) {
	f := parseFields(strings.Split(line, ","))
	address, err := netip.ParseAddrPort(net.JoinHostPort(f["ip"], f["port"]))
	return ReplicaLag{Address: address, Seconds: f.count("lag")}, err == nil && f["state"] == "online"
}

// parseCredentialCounters reads what it needs of the module's report, and no more.
func parseCredentialCounters(report string) ([]CredentialCounters, error) {
	_, rest, err := openReport(report)
	if err != nil {
		return nil, fmt.Errorf("read node's usage report: %w", err)
	}
	var all []CredentialCounters
	place := map[string]int{}
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "credential ") && !strings.HasPrefix(line, "live ") {
			continue
		}
		words := strings.Fields(line)
		if len(words) < 2 || words[1] == usage.Unknown {
			continue
		}
		f := parseFields(words[2:])
		i, known := place[words[1]]
		switch {
		case words[0] == "credential":
			place[words[1]] = len(all)
			all = append(all, CredentialCounters{Credential: strings.Clone(words[1]), Authentications: f.count("authentications"), Connections: -1})
		case known:
			all[i].Connections = f.count("connections")
			if words[1] == token.None { // the module counts those when they end
				all[i].Authentications += all[i].Connections
			}
		}
	}
	return all, nil
}
