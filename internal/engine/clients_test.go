package engine

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/engine/gate"
	"github.com/aikagi/aikagi/internal/engine/module"
)

func TestClientLimit(t *testing.T) {
	t.Parallel()
	for maxClients, want := range map[int64]int64{
		clientsFirst + module.ReservedClients + gate.Files: clientsFirst,
		clientsMax + module.ReservedClients + gate.Files:   clientsMax,
		clientsFirst + module.ReservedClients:              clientsFirst, // of earlier releases
		clientsFirst:                                       clientsFirst,
		4064:                                               2016, // it may not open as many files
		100:                                                0,
	} {
		if got := clientLimit(maxClients); got != want {
			t.Errorf("of %d places clients have %d, want %d", maxClients, got, want)
		}
	}
}

func TestClientsForFiles(t *testing.T) {
	t.Parallel()
	for files, want := range map[uint64]int{0: 0, 1024: 0, 20000: 17920, 67080: 65000, 1 << 63: 65000} {
		if got := ClientsFor(files); got != want {
			t.Errorf("with %d files %d clients, want %d", files, got, want)
		}
	}
}

// The service's connections and those without an address are nobody's.
func TestBusiest(t *testing.T) {
	t.Parallel()
	var list strings.Builder
	line := func(times int, address, user string) {
		for i := range times {
			fmt.Fprintf(&list, "id=%d addr=%s:%d fd=9 name= user=%s cmd=NULL\n", list.Len(), address, 40000+i, user)
		}
	}
	line(2, "10.0.0.9", "default")
	line(5, "10.0.0.7", "aikagi:token:abc")
	line(3, "[::1]", "default")
	line(4, "10.0.0.7", "default")
	line(2, "10.0.0.8", "default")
	list.WriteString("id=99 addr=/run/admin.sock:0 user=default\n")
	got := busiest(list.String(), 3)
	want := []replication.ClientCount{{Address: netip.MustParseAddr("10.0.0.7"), Connections: 4}, {Address: netip.MustParseAddr("::1"), Connections: 3}, {Address: netip.MustParseAddr("10.0.0.8"), Connections: 2}}
	if diff := cmp.Diff(want, got, cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{})); diff != "" {
		t.Error(diff)
	}
}
