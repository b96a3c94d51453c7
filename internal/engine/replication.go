package engine

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/valkey-io/valkey-go"
)

// This file has what a node is told about its role and its addresses.

// Replicate makes the node a replica of another, which it serves reads as from then
// on. Writes that were paused are refused.
func (a *Admin) Replicate(ctx context.Context, primary netip.AddrPort) error {
	return a.all(ctx, "make node a replica", a.replicaOf(primary), a.command("CLIENT", "UNPAUSE"))
}

// Lend makes the node a primary that takes no writes, for another to copy its data.
func (a *Admin) Lend(ctx context.Context) error {
	return a.all(ctx, "make node lend its data", a.pauseWrites(lendFor), a.replicaOf(netip.AddrPort{}))
}

// lendFor is longer than any copy takes. It ends with Replicate.
const lendFor = 24 * time.Hour

// Promote makes the node a primary with the data that it has, and opens its
// addresses, as Listen does, in one exchange: clients wait for it.
func (a *Admin) Promote(ctx context.Context, doors Doors) (Ended, error) {
	ended, replies, err := a.listenAfter(ctx, doors, a.replicaOf(netip.AddrPort{}), a.command("CLIENT", "UNPAUSE"))
	for _, reply := range replies {
		if err := reply.Error(); err != nil {
			return ended, fmt.Errorf("promote node: %w", err)
		}
	}
	return ended, err
}

// TryWrite tries a write that changes nothing: only a primary that takes writes accepts it, or says that it has fewer replicas than its
// owner wants it to have for that (the parameter min-replicas-to-write). It gets them afterwards.
func (a *Admin) TryWrite(ctx context.Context) error {
	err := a.all(ctx, "try a write", a.command("UNLINK", absentKey))
	var refusal *valkey.ValkeyError
	if errors.As(err, &refusal) && strings.HasPrefix(refusal.Error(), "NOREPLICAS") {
		return nil
	}
	return err
}

// absentKey is never set: to remove it is a write that changes nothing.
const absentKey = InternalPrefix + "absent"

// PauseWrites holds every client's write back, for so long at most, and returns the
// offset up to which there were writes.
func (a *Admin) PauseWrites(ctx context.Context, limit time.Duration) (offset int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, a.deadline)
	defer cancel()
	replies := a.client.DoMulti(ctx, a.pauseWrites(limit), a.command("INFO", "replication"))
	if err := replies[0].Error(); err != nil {
		return 0, fmt.Errorf("pause node's writes: %w", err)
	}
	text, err := replies[1].ToString()
	if err != nil {
		return 0, fmt.Errorf("read node's offset: %w", err)
	}
	return parseInfo(text).Offset, nil
}

// ResumeWrites ends PauseWrites.
func (a *Admin) ResumeWrites(ctx context.Context) error {
	return a.all(ctx, "resume node's writes", a.command("CLIENT", "UNPAUSE"))
}

// Demote makes a primary whose writes are paused a replica, and has it serve clients at these addresses only, in one exchange. It returns
// the offset at which it stopped to be a primary: a pause that ended too early shows there. Clients go
// on waiting, for Dismiss.
func (a *Admin) Demote(ctx context.Context, primary netip.AddrPort, doors Doors) (offset int64, ended Ended, err error) {
	ended, replies, err := a.listenAfter(ctx, doors,
		a.command("MULTI"), a.command("INFO", "replication"), a.replicaOf(primary), a.command("EXEC"))
	for _, reply := range replies {
		if err := reply.Error(); err != nil {
			return 0, ended, fmt.Errorf("demote node: %w", err)
		}
	}
	if err != nil {
		return 0, ended, err
	}
	done, err := replies[3].ToArray()
	if err != nil || len(done) != 2 {
		return 0, ended, fmt.Errorf("demote node: read its offset: %w", err)
	}
	if err := done[1].Error(); err != nil {
		return 0, ended, fmt.Errorf("demote node: %w", err)
	}
	text, err := done[0].ToString()
	if err != nil {
		return 0, ended, fmt.Errorf("demote node: read its offset: %w", err)
	}
	return parseInfo(text).Offset, ended, nil
}

// Dismiss ends the connections of a demoted primary's clients that came through the
// primary endpoint, at any of its places, so that their next try finds the new primary, and of those that may
// have come to write through its own addresses. Not one of their writes that were
// paused is carried out.
//
// CLIENT KILL may crash a Valkey with CVE-2026-56684. Here that costs a replica its
// process, and it is started again.
func (a *Admin) Dismiss(ctx context.Context, endpoints []netip.AddrPort, own ...netip.AddrPort) error {
	var commands []valkey.Completed
	for _, at := range endpoints {
		commands = append(commands, a.command("CLIENT", "KILL", "LADDR", at.String()))
	}
	for _, at := range own {
		commands = append(commands, a.command("CLIENT", "KILL", "TYPE", "normal", "LADDR", at.String()))
	}
	return a.all(ctx, "end connections of demoted node", append(commands, a.command("CLIENT", "UNPAUSE"))...)
}

// Offset returns how far the node has come in the stream of writes, in bytes.
func (a *Admin) Offset(ctx context.Context) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, a.deadline)
	defer cancel()
	text, err := a.client.Do(ctx, a.command("INFO", "replication")).ToString()
	if err != nil {
		return 0, fmt.Errorf("read node's offset: %w", err)
	}
	return parseInfo(text).Offset, nil
}

// Acknowledge has a replica tell its primary now how far it has come, instead of within a second. After a
// replica's first copy the primary sends nothing before it has heard that, and it does not hear what
// came before its copying process had ended.
//
// Source: replconfCommand and updateSlavesWaitingBgsave in the engines' replication.c. The command has
// no answer, which client libraries cannot take, so it has a connection of its own.
func Acknowledge(ctx context.Context, dial Dial, keyring Keyring, nodeUID string) error {
	conn, err := dial(ctx)
	if err != nil {
		return fmt.Errorf("have replica acknowledge: %w", err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	var b strings.Builder
	writeCommand(&b, []string{"AUTH", AdminUser, keyring.Admin(nodeUID).Reveal()})
	writeCommand(&b, []string{"REPLCONF", "GETACK", "*"})
	writeCommand(&b, []string{"PING"})
	if _, err := io.WriteString(conn, b.String()); err != nil {
		return fmt.Errorf("have replica acknowledge: %w", err)
	}
	replies := bufio.NewReader(conn)
	for range 2 { // to AUTH and PING
		if _, err := readText(replies); err != nil {
			return fmt.Errorf("have replica acknowledge: %w", err)
		}
	}
	return nil
}

func (a *Admin) replicaOf(primary netip.AddrPort) valkey.Completed {
	if !primary.IsValid() {
		return a.renamed("REPLICAOF", "NO", "ONE")
	}
	return a.renamed("REPLICAOF", primary.Addr().String(), strconv.Itoa(int(primary.Port())))
}

func (a *Admin) pauseWrites(limit time.Duration) valkey.Completed {
	return a.command("CLIENT", "PAUSE", strconv.FormatInt(limit.Milliseconds(), 10), "WRITE")
}

// all sends commands in one go. A refusal of one does not keep the others from being
// carried out.
func (a *Admin) all(ctx context.Context, what string, commands ...valkey.Completed) error {
	ctx, cancel := context.WithTimeout(ctx, a.deadline)
	defer cancel()
	for _, reply := range a.client.DoMulti(ctx, commands...) {
		if err := reply.Error(); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}
