package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

func someTokenUsage() own.Usage {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, jst)
	at := func(d time.Duration) *time.Time { t := now.Add(-d); return &t }
	old := own.CredentialUsage{
		Fingerprint: "6ceaac09e150", Standing: "old", AddedAt: at(72 * time.Hour), Connections: 3, Authentications: 1204, LastMinute: 2,
		LastUsed: at(0), Clients: []own.Client{
			{Name: "worker-1", Address: "10.0.0.7", Library: "redis-py", LibraryVersion: "5.0.1", Connections: 3, LastSeen: at(0)},
			{Name: "\x1b[2J" + strings.Repeat("x", 90), Address: "10.0.0.8", Closed: 4, LastSeen: at(12 * time.Second)},
		},
		OtherClients: &own.Client{Closed: 9},
	}
	for i := range 12 {
		old.Clients = append(old.Clients, own.Client{Address: fmt.Sprint("10.0.1.", i), Closed: 1, LastSeen: at(time.Hour)})
	}
	return own.Usage{
		ReplicationGroupId: "orders", AsOf: now, Complete: false,
		Credentials: []own.CredentialUsage{
			old,
			{Fingerprint: "0123456789ab", Standing: "new", AddedAt: at(5 * time.Minute)},
			{Fingerprint: "ffffffffffff", Standing: "unknown", Refused: 7, LastRefused: at(12 * time.Second)},
		},
		OtherCredentials: 4, OtherRefused: 40,
		MissingNodes: []own.MissingNode{{CacheClusterId: "orders-002", Reason: "it is not running"}},
		OnSet:        own.SetForecast{Text: "SET would lock out 3 connections of worker-1 (10.0.0.7), when they reconnect."},
	}
}

func TestShowTokenUsage(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := showTokenUsage(&b, someTokenUsage()); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{
		"6ceaac09e150 old 3 days 3 1204 2 now 0",
		"0123456789ab new 5 min 0 0 0 never 0",
		"ffffffffffff unknown - 0 0 0 never 7, last 12 s ago",
		"and 4 more that are not accepted, with 40 refused logins",
		"6ceaac09e150 worker-1 10.0.0.7 redis-py 5.0.1 3 0 0 now",
		"6ceaac09e150 and 4 more",
		"6ceaac09e150 others, summed up 0 9 0",
		"NOT ASKED: node orders-002 (it is not running).",
		"SET would lock out 3 connections of worker-1 (10.0.0.7), when they reconnect.",
	} {
		if !strings.Contains(strings.Join(strings.Fields(got), " "), want) {
			t.Errorf("no line %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "\x1b") {
		t.Errorf("a client's name reaches the terminal:\n%q", got)
	}
}

// answers is a control plane that answers DescribeAuthTokenUsage with what it is told.
func answers(t *testing.T, answer func(call int, w http.ResponseWriter)) *client.Client {
	t.Helper()
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls++
		answer(calls, w)
	}))
	t.Cleanup(server.Close)
	dir, err := datadir.Open(filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	if _, err := dir.AccessKey(); err != nil {
		t.Fatal(err)
	}
	api, err := client.New(server.URL, dir.Path())
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// Watching goes on while the control plane is away, and ends with the group.
func TestWatchTokenUsage(t *testing.T) {
	t.Parallel()
	api := answers(t, func(call int, w http.ResponseWriter) {
		switch call {
		case 1, 3:
			fmt.Fprintf(w, "<R><DescribeAuthTokenUsageResult><ReplicationGroupId>look-%d</ReplicationGroupId></DescribeAuthTokenUsageResult></R>", call)
		case 2:
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "<ErrorResponse><Error><Code>ReplicationGroupNotFoundFault</Code><Message>gone</Message></Error></ErrorResponse>")
		}
	})
	var b strings.Builder
	c := tokenUsageCommand{usageFlags{groupFlags{Group: "g"}, watchFlags{Interval: time.Millisecond}, outputFlag{"json"}}}
	err := c.watch(t.Context(), &b, false, c.view().look(t.Context(), api))
	if !client.IsCode(err, "ReplicationGroupNotFoundFault") || strings.Count(b.String(), "\n") != 2 || !strings.Contains(b.String(), `"look-3"`) {
		t.Errorf("%v\n%s", err, b.String())
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := c.watch(ended, &b, false, c.view().look(ended, api)); err != nil {
		t.Errorf("interrupted: %v", err)
	}
}

func TestExitError(t *testing.T) {
	t.Parallel()
	var exit exitError
	if err := fmt.Errorf("wrapped: %w", exitError{exitPartial, context.Canceled}); !errors.As(err, &exit) || exit.code != 2 || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
