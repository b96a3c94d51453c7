package replication

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/cache/usage"
)

func TestNewGroupUsage(t *testing.T) {
	t.Parallel()
	g := guarded(t, setOf(none, t2))
	known := []usage.Record{
		{Credential: t2.Fingerprint(), Connections: 2},
		{Credential: t1.Fingerprint(), Authentications: 4, Refused: 1, LastRefused: noon.Add(time.Hour)},
		{Credential: usage.Unknown, Refused: 1, LastRefused: noon.Add(2 * time.Hour)},
	}
	for i := range 30 {
		known = append(known, usage.Record{Credential: fmt.Sprintf("%012x", i), Refused: 2, LastRefused: noon.Add(time.Duration(i) * time.Second)})
	}
	use := g.Usage(known, nil, noon)
	var got []string
	for _, c := range use.Credentials[:4] {
		got = append(got, fmt.Sprint(c.Credential, " ", c.Standing, " ", c.Connections, " ", c.Standing.Held(), " ", c.AddedAt.Equal(noon)))
	}
	want := []string{
		"NONE old 0 true true", t2.Fingerprint() + " new 2 true true", t1.Fingerprint() + " retired 0 false false", "00000000001d retired 0 false false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := len(use.Credentials); n != 22 || use.OtherCredentials != 12 || use.OtherRefused != 23 {
		t.Errorf("%d listed, %d others with %d refused logins", n, use.OtherCredentials, use.OtherRefused)
	}
	g = guarded(t, setOf(t1))
	if use := g.Usage(nil, nil, noon); len(use.Credentials) != 1 || use.Credentials[0].Standing != usage.StandingCurrent {
		t.Errorf("%+v", use.Credentials)
	}
}
