package cache

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNewGroupUsage(t *testing.T) {
	t.Parallel()
	g := guarded(t, setOf(none, t2))
	known := []CredentialUsage{
		{Credential: t2.Fingerprint(), Connections: 2},
		{Credential: t1.Fingerprint(), Authentications: 4, Refused: 1, LastRefused: noon.Add(time.Hour)},
		{Credential: CredentialUnknown, Refused: 1, LastRefused: noon.Add(2 * time.Hour)},
	}
	for i := range 30 {
		known = append(known, CredentialUsage{Credential: fmt.Sprintf("%012x", i), Refused: 2, LastRefused: noon.Add(time.Duration(i) * time.Second)})
	}
	usage := g.Usage(known, nil, noon)
	var got []string
	for _, c := range usage.Credentials[:4] {
		got = append(got, fmt.Sprint(c.Credential, " ", c.Standing, " ", c.Connections, " ", c.Standing.Held(), " ", c.AddedAt.Equal(noon)))
	}
	want := []string{
		"NONE old 0 true true", t2.Fingerprint() + " new 2 true true", t1.Fingerprint() + " retired 0 false false", "00000000001d retired 0 false false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := len(usage.Credentials); n != 22 || usage.OtherCredentials != 12 || usage.OtherRefused != 23 {
		t.Errorf("%d listed, %d others with %d refused logins", n, usage.OtherCredentials, usage.OtherRefused)
	}
	g = guarded(t, setOf(t1))
	if usage := g.Usage(nil, nil, noon); len(usage.Credentials) != 1 || usage.Credentials[0].Standing != StandingCurrent {
		t.Errorf("%+v", usage.Credentials)
	}
}
