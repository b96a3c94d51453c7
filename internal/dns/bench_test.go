package dns_test

import (
	"fmt"
	"testing"
	"time"

	wire "github.com/miekg/dns"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// BenchmarkQueries measures the whole way, over UDP, with 200 groups in the store.
// Clients and server share the processors.
func BenchmarkQueries(b *testing.B) {
	w := newWorld(b)
	for n := range 200 {
		w.add(replication.Spec{ID: fmt.Sprintf("g%d", n), Replicas: 2, Transit: cache.TransitRequired})
	}
	for _, test := range []struct{ what, name string }{
		{"without the store", "cache.internal"}, {"primary", "master.g100.cache.internal"}, {"reader", "replica.g100.cache.internal"}, {"nobody", "master.h.cache.internal"},
	} {
		b.Run(test.what, func(b *testing.B) {
			b.SetParallelism(4)
			b.RunParallel(func(pb *testing.PB) {
				client := &wire.Client{Timeout: 5 * time.Second}
				conn, err := client.Dial(w.server.Addr())
				if err != nil {
					b.Error(err)
					return
				}
				defer conn.Close()
				for pb.Next() {
					if _, _, err := client.ExchangeWithConn(query(test.name, wire.TypeA), conn); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "queries/s")
		})
	}
}
