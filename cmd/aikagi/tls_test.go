package main

import (
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

func TestShowTransitUsage(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, jst)
	at := func(d time.Duration) *time.Time { t := now.Add(-d); return &t }
	usage := own.TransitUsage{
		ReplicationGroupId: "orders", AsOf: now, Mode: "preferred", TlsConnections: 7,
		MissingNodes: []own.MissingNode{{CacheClusterId: "orders-002", Reason: "it is not running"}}, GatelessNodes: []string{"orders-003"},
		Plaintext: own.PlaintextUse{
			Connections: 3, Opened: 1204, LastMinute: 2, LastUsed: at(0),
			Clients: []own.Client{
				{Name: "worker-1", Address: "10.0.0.7", Library: "redis-py", LibraryVersion: "5.0.1", Connections: 3, LastSeen: at(0)},
				{Name: "\x1b[2J", Address: "10.0.0.8", Closed: 4, LastSeen: at(12 * time.Second)},
			},
			OtherClients: &own.Client{Closed: 9},
		},
		OnRequired: own.RequiredForecast{Text: "TransitEncryptionMode required would end plaintext connections."},
	}
	var b strings.Builder
	if err := showTransitUsage(&b, usage); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{
		"encryption in transit: preferred", "TLS 7 - - -", "plaintext 3 1204 2 now", "worker-1 10.0.0.7 redis-py 5.0.1 3 0 now",
		"?[2J 10.0.0.8 - 0 4 12 s ago", "others, summed up 0 9", "NOT ASKED: node orders-002 (it is not running).", "CANNOT TELL: node orders-003",
		"TransitEncryptionMode required would end plaintext connections.",
	} {
		if !strings.Contains(strings.Join(strings.Fields(got), " "), want) {
			t.Errorf("no line %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "\x1b") {
		t.Errorf("a client's name reaches the terminal:\n%q", got)
	}
}
