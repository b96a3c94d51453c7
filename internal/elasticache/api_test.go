package elasticache

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/aws/smithy-go"

	"github.com/aikagi/aikagi/internal/address"
	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/engine/policy"
	"github.com/aikagi/aikagi/internal/store"
	"github.com/aikagi/aikagi/internal/store/sqlite"
)

// face is an API on a store of its own, and the AWS SDK as its client. Nobody makes
// come true what it stores: tests say when a group is settled.
type face struct {
	*sdk.Client
	t     *testing.T
	url   string
	http  *http.Client // with connections of its own: any closing httptest server ends the idle ones of http.DefaultClient
	store store.Store
	now   time.Time
	told  int // events that a test wrote itself
	last  netip.Addr
}

type noWitness struct{}

func (noWitness) Remember(cache.Key, token.Token) {}
func (noWitness) Drop(cache.Key, token.Token)     {}

func newFace(t *testing.T, change ...func(*Options)) *face {
	t.Helper()
	f := &face{t: t, last: netip.MustParseAddr("127.85.0.0"), now: time.Date(2026, 5, 4, 12, 0, 0, 123456000, time.UTC)}
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	addresses, err := address.NewRange(netip.MustParsePrefix("127.85.0.0/24"))
	if err != nil {
		t.Fatal(err)
	}
	f.store = db
	options := Options{
		Store: db, Room: func(port int, wanted replication.Wanted, taken func(netip.AddrPort) bool) error {
			return addresses.Room(func(a netip.Addr) bool { return taken(netip.AddrPortFrom(a, uint16(port))) }, port, wanted.Addresses)
		},
		Engines:  []cache.EngineVersion{{Engine: cache.EngineRedis, Version: "7.0.15"}, {Engine: cache.EngineValkey, Version: "8.0.1"}},
		Commands: policy.Commands(), Witness: noWitness{}, CheckDelivery: onlyOneTarget, AnyCaller: true, Region: "us-east-1", Account: "000000000000",
		Audit: func(Record) {}, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return f.now },
	}
	for _, c := range change {
		c(&options)
	}
	api := New(options)
	if err := api.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	f.url, f.http = server.URL, server.Client()
	f.Client = sdk.New(sdk.Options{
		BaseEndpoint: &server.URL, Region: "us-east-1", RetryMaxAttempts: 1, HTTPClient: &http.Client{Transport: readOnlyBodies{f.http.Transport}},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "x"}, nil
		}),
	})
	return f
}

// readOnlyBodies does what package client does with the SDK's requests.
type readOnlyBodies struct{ next http.RoundTripper }

func (b readOnlyBodies) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.WithContext(r.Context())
	r.Body = struct{ readCloser }{r.Body}
	return b.next.RoundTrip(r)
}

type readCloser interface {
	Read([]byte) (int, error)
	Close() error
}

// create makes a settled group; what the input leaves open is one called "g".
func (f *face) create(in sdk.CreateReplicationGroupInput) *replication.Group {
	f.t.Helper()
	if in.ReplicationGroupId == nil {
		in.ReplicationGroupId = aws.String("g")
	}
	in.ReplicationGroupDescription = aws.String("d")
	if in.CacheNodeType == nil {
		in.CacheNodeType = aws.String(cache.DefaultNodeType)
	}
	if _, err := f.CreateReplicationGroup(f.t.Context(), &in); err != nil {
		f.t.Fatal(err)
	}
	return f.settle(*in.ReplicationGroupId)
}

// settle does what the reconciler does when all of a group has come true.
func (f *face) settle(id string) *replication.Group {
	f.t.Helper()
	return f.update(id, func(g *replication.Group) {
		_ = g.AssignAddresses(func() (netip.Addr, error) { f.last = f.last.Next(); return f.last, nil })
		g.DropRemoved(f.now)
		g.Settle(f.now, nil)
	})
}

// shown is what the API says of a group.
func (f *face) shown(id string) types.ReplicationGroup {
	f.t.Helper()
	out, err := f.DescribeReplicationGroups(f.t.Context(), &sdk.DescribeReplicationGroupsInput{ReplicationGroupId: &id})
	if err != nil {
		f.t.Fatal(err)
	}
	return out.ReplicationGroups[0]
}

func (f *face) update(id string, change func(*replication.Group)) *replication.Group {
	f.t.Helper()
	var g *replication.Group
	err := f.store.Update(f.t.Context(), func(tx store.UpdateTx) (err error) {
		if g, err = store.Get(tx, store.Groups, cache.NewKey(cache.ResourceReplicationGroup, id)); err != nil {
			return err
		}
		change(g)
		return store.PutGroup(tx, g)
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return g
}

// refused checks the code and a part of the message of a refusal.
func refused(t *testing.T, what string, err error, code, message string) {
	t.Helper()
	var refusal smithy.APIError
	if !errors.As(err, &refusal) || refusal.ErrorCode() != code || !strings.Contains(refusal.ErrorMessage(), message) {
		t.Errorf("%s: %v; want %s: %s", what, err, code, message)
	}
}
