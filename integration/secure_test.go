package integration

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// newSecured is a group in plaintext, and the file that its token is to be delivered to.
func newSecured(t *testing.T, engine string) *rotated {
	t.Helper()
	dir := t.TempDir()
	s := harness.Start(t, "--delivery-files", dir)
	return &rotated{file: filepath.Join(dir, "token"), group: newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{
		NumCacheClusters: aws.Int32(2), TransitEncryptionEnabled: aws.Bool(false),
	})}
}

// TestSecure takes a group from plaintext to a token. While its clients change over it waits, through a kill -9 of the
// control plane; nobody who follows fails.
func TestSecure(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		r := newSecured(t, engine)
		plain := r.connectAll(nil)
		r.start(own.StartAuthTokenRotationInput{Secure: aws.Bool(true), Finish: new("quiet=300ms"), Grace: new("300ms")})
		r.awaitState(rotation.AwaitingTLS)
		r.checkTransit(preferred)
		r.Kill()
		r.Start()

		used, err := r.Client().TransitUsage(t.Context(), r.id)
		if err != nil || used.Mode != "preferred" || used.Plaintext.Connections < int32(len(r.addresses())) || !used.OnRequired.InUse || !used.Complete {
			t.Errorf("%v, %+v", err, used)
		}
		shown, err := r.Aikagi("tls", "usage", r.id)
		if err != nil || !strings.Contains(shown, "TransitEncryptionMode required would end plaintext connections") {
			t.Errorf("%v\n%s", err, shown)
		}
		r.ca = r.CA()
		secure := r.connectAll(r.ca)
		plain.stop(t)
		used, err = r.Client().TransitUsage(t.Context(), r.id)
		if err != nil || used.TlsConnections < int32(len(r.addresses())) {
			t.Errorf("%v, %+v", err, used)
		}

		r.awaitState(rotation.Waiting)
		r.checkAccess(none, r.delivered())
		secure.stop(t)
		over := r.awaitState(rotation.Done)
		if over.TlsOfferedAt == nil || over.TlsRequiredAt == nil || over.TlsRequiredAt.Before(*over.TlsOfferedAt) || over.OldCredential != "NONE" {
			t.Errorf("receipt %+v", over)
		}
		if d := r.describe(); d.TransitEncryptionMode != required || !aws.ToBool(d.AuthTokenEnabled) {
			t.Errorf("in the end: mode %q, token %t", d.TransitEncryptionMode, aws.ToBool(d.AuthTokenEnabled))
		}
		r.checkAccess(r.delivered())
		r.checkSecrets(r.delivered())
		told := messages(t, r.Server, types.SourceTypeReplicationGroup, r.id)
		for _, part := range []string{
			"preferred requested", "accepts TLS and plaintext connections", "waiting for clients to stop connecting in plaintext",
			"required requested", "accepts TLS connections only", "every node accepts TLS only", "is accepted; refused logins",
		} {
			if !slices.ContainsFunc(told, func(m string) bool { return strings.Contains(m, part) }) {
				t.Errorf("no event tells %q: %q", part, told)
			}
		}
	})
}

// Cancelling keeps what clients may use by then: TLS stays offered, plaintext does too.
func TestSecureIsCancelled(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		r := newSecured(t, engine)
		r.start(own.StartAuthTokenRotationInput{Secure: aws.Bool(true), Finish: new("ask")})
		r.awaitState(rotation.AwaitingTLS)
		_, err := r.API().ModifyReplicationGroup(t.Context(), r.transit(required, true))
		checkRefusal(t, err, invalidState, "is under way")
		if out, err := r.Aikagi("token", "cancel", r.id); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		r.awaitState(rotation.Cancelled)
		r.checkTransit(preferred)
		_, err = r.Client().StartRotation(t.Context(), r.id, own.StartAuthTokenRotationInput{Delivery: new("file:" + r.file)})
		checkRefusal(t, err, invalidValue, onlyWithTLS)
	})
}

// A guard that refuses names who still connects in plaintext.
func TestTLSGuard(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		g := newGroup(t, harness.Start(t), engine, elasticache.CreateReplicationGroupInput{
			TransitEncryptionMode: preferred,
			Tags:                  []types.Tag{{Key: aws.String("aikagi:tls-guard"), Value: aws.String("refuse")}, {Key: aws.String("aikagi:tls-guard-quiet"), Value: aws.String("0s")}},
		})
		client := dial(t, g.primary(), nil)
		client.do("CLIENT", "SETNAME", "worker-3")
		client.do("PING")
		g.checkNoTransit(g.transit(required, true), "1 open, 1 in all, in use now, by worker-3 (")
		g.checkTransit(preferred)
		client.close()
		g.awaitNobodyInPlaintext()
		g.move(required)
	})
}

func (g *group) awaitNobodyInPlaintext() {
	g.t.Helper()
	harness.Await(g.t, harness.Patience, "nobody to connect in plaintext", func() (bool, error) {
		used, err := g.Client().TransitUsage(g.t.Context(), g.id)
		return err == nil && used.Complete && used.Plaintext.Connections == 0, err
	})
}

func (c clients) stop(t *testing.T) {
	t.Helper()
	c.comers.stop(t)
	c.lasting.stop(t)
}
