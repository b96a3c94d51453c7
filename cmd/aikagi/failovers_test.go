package main

import (
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

func TestShowFailovers(t *testing.T) {
	t.Parallel()
	us := func(n int64) *int64 { return &n }
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, jst)
	var b strings.Builder
	err := failoverTable.write(&b, []own.Failover{
		{ReplicationGroupId: "g", Cause: "test", Status: "pending", FromCacheClusterId: "g-002", DetectedAt: at.Add(2 * time.Hour)},
		{ReplicationGroupId: "g", Cause: "test", Status: "given up", GivenUpReason: "no replica", FromCacheClusterId: "g-002", DetectedAt: at.Add(time.Hour)},
		{ReplicationGroupId: "g", Cause: "crash", Status: "recovered", FromCacheClusterId: "g-001", ToCacheClusterId: "g-002", DetectedAt: at, Loss: "at least 42 bytes",
			FencedMicroseconds: us(900), ElectedMicroseconds: us(1000), PromotedMicroseconds: us(1500),
			EndpointMovedMicroseconds: us(1501), WriteAcceptedMicroseconds: us(1801), RecoveredMicroseconds: us(200000)},
	})
	want := strings.TrimPrefix(`
WHEN                 GROUP  CAUSE  FROM → TO      STATUS                WRITE µs  STEPS µs                                                            LOST
2026-05-04 14:00:00 JST  g      test   g-002 → ?      pending               -         -                                                                   -
2026-05-04 13:00:00 JST  g      test   g-002 → ?      given up: no replica  -         -                                                                   -
2026-05-04 12:00:00 JST  g      crash  g-001 → g-002  recovered             1801      fenced +900, elected +100, promoted +500, endpoint +1, write +300  at least 42 bytes
`, "\n")
	if got := b.String(); err != nil || strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
}
