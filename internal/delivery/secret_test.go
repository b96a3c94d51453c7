package delivery_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/delivery"
)

// eachServer runs a test with every Secrets Manager there is.
func eachServer(t *testing.T, test func(t *testing.T, endpoint string, api *secretsmanager.Client)) {
	t.Parallel()
	for name, endpoint := range secretServers(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, endpoint, clientAt(t, endpoint))
		})
	}
}

func TestSecretStages(t *testing.T) {
	eachServer(t, func(t *testing.T, endpoint string, api *secretsmanager.Client) {
		r, secret := newSecret(t, endpoint, ""), token.Generate()
		name, change := r.target.SecretsManager.Secret, changeOf("r1", secret)
		must(t, r.open(t), change, "stage")
		if labelled(t, api, name, "AWSPENDING") != secret.Reveal() || labelled(t, api, name, "AWSCURRENT") != oldToken {
			t.Fatal("staged wrongly")
		}
		must(t, r.open(t), change, "deliver")
		if labelled(t, api, name, "AWSPREVIOUS") != oldToken || labelled(t, api, name, "AWSCURRENT") != secret.Reveal() {
			t.Fatal("delivered wrongly")
		}
		if rest := r.rest(t); rest != "" {
			t.Fatal(rest)
		}
		must(t, r.open(t), change, "revert")
		if labelled(t, api, name, "AWSPREVIOUS") != secret.Reveal() || labelled(t, api, name, "AWSCURRENT") != oldToken {
			t.Fatal("reverted wrongly")
		}
		// The version is there already, so that putting it does not label it.
		must(t, r.open(t), change, "stage")
		if labelled(t, api, name, "AWSPENDING") != secret.Reveal() || labelled(t, api, name, "AWSCURRENT") != oldToken {
			t.Fatal("staged wrongly again")
		}
	})
}

func TestSecretIsCreated(t *testing.T) {
	eachServer(t, func(t *testing.T, endpoint string, api *secretsmanager.Client) {
		for _, key := range []string{"", "password"} {
			for n := 0; ; n++ { // 0 is no kill
				r, secret := newSecret(t, endpoint, key), token.Generate()
				name := "new/" + token.Generate().Reveal()[:12]
				r.target.SecretsManager.Secret = name
				d, change := r.open(t), changeOf("r1", secret)
				if err := d.Check(context.Background()); err == nil || !strings.Contains(err.Error(), "create=true") {
					t.Fatalf("missing secret: %v", err)
				}
				if err := call(d, "deliver", change); err == nil || !strings.Contains(err.Error(), "create=true") {
					t.Fatalf("missing secret: %v", err)
				}
				must(t, d, change, "revert", "finish") // there is nothing to do
				r.target.SecretsManager.Create = true
				d = r.open(t)
				if err := d.Check(context.Background()); err != nil {
					t.Fatal(err)
				}
				if n == 0 {
					must(t, d, change, "stage", "stage", "deliver")
				} else if !killed(t, r, "deliver", change, n) {
					break
				}
				must(t, d, change, "deliver", "finish")
				want := secret.Reveal()
				if key != "" {
					want = `{"password":"` + want + `"}`
				}
				if got := labelled(t, api, name, "AWSCURRENT"); got != want {
					t.Fatalf("secret holds %q", got)
				}
				if err := call(d, "revert", change); !errors.Is(err, delivery.ErrNothingBefore) {
					t.Fatalf("revert: %v", err)
				}
			}
		}
	})
}

// What somebody else changes in the object between Stage and Deliver is kept.
func TestSecretChangedInBetween(t *testing.T) {
	eachServer(t, func(t *testing.T, endpoint string, api *secretsmanager.Client) {
		r, secret := newSecret(t, endpoint, "password"), token.Generate()
		name, change := r.target.SecretsManager.Secret, changeOf("r1", secret)
		d := r.open(t)
		must(t, d, change, "stage")
		changed := `{"password":"` + oldToken + `","user":"somebody-else"}`
		if _, err := api.PutSecretValue(context.Background(), &secretsmanager.PutSecretValueInput{SecretId: &name, SecretString: &changed}); err != nil {
			t.Fatal(err)
		}
		must(t, d, change, "deliver")
		if got, want := labelled(t, api, name, "AWSCURRENT"), strings.Replace(changed, oldToken, secret.Reveal(), 1); got != want {
			t.Fatalf("secret holds %q, want %q", got, want)
		}
		if rest := r.rest(t); rest != "" {
			t.Fatal(rest)
		}
		// Both versions hold the token now, so that no revert is possible.
		changed = `{"password":"` + secret.Reveal() + `","user":"a-third"}`
		makeCurrent(t, api, name, changed)
		if err := call(d, "revert", change); !errors.Is(err, delivery.ErrNothingBefore) {
			t.Fatalf("revert: %v", err)
		}
	})
}

// makeCurrent changes a secret in two calls: after a move of AWSCURRENT, moto's
// PutSecretValue gives AWSPREVIOUS to the wrong version.
func makeCurrent(t *testing.T, api *secretsmanager.Client, name, text string) {
	t.Helper()
	ctx := context.Background()
	made, err := api.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: &name, SecretString: &text, VersionStages: []string{"HAND"}})
	if err != nil {
		t.Fatal(err)
	}
	now, err := api.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &name, VersionStage: aws.String("AWSCURRENT")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.UpdateSecretVersionStage(ctx, &secretsmanager.UpdateSecretVersionStageInput{SecretId: &name,
		VersionStage: aws.String("AWSCURRENT"), RemoveFromVersionId: now.VersionId, MoveToVersionId: made.VersionId}); err != nil {
		t.Fatal(err)
	}
}

func TestSecretRefusals(t *testing.T) {
	eachServer(t, func(t *testing.T, endpoint string, api *secretsmanager.Client) {
		ctx := context.Background()
		binary, deleted, array := newSecret(t, endpoint, ""), newSecret(t, endpoint, ""), newSecret(t, endpoint, "password")
		for _, r := range []receiver{binary} {
			name := "binary/" + token.Generate().Reveal()[:12]
			r.target.SecretsManager.Secret = name
			if _, err := api.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: &name, SecretBinary: []byte{0, 1}}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := api.DeleteSecret(ctx, &secretsmanager.DeleteSecretInput{SecretId: &deleted.target.SecretsManager.Secret, RecoveryWindowInDays: aws.Int64(7)}); err != nil {
			t.Fatal(err)
		}
		if _, err := api.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: &array.target.SecretsManager.Secret, SecretString: aws.String(`["x"]`)}); err != nil {
			t.Fatal(err)
		}
		noKey := newSecret(t, endpoint, "password")
		noKey.target.SecretsManager.Key = "pasword"
		number := newSecret(t, endpoint, "password")
		number.target.SecretsManager.Key = "port"
		elsewhere := newSecret(t, endpoint, "")
		elsewhere.options.Endpoints = nil
		for want, r := range map[string]receiver{
			"is binary": binary, "restore-secret": deleted, "not a JSON object": array, `no member "pasword"`: noKey,
			`no member "port"`: number, "--delivery-endpoints": elsewhere,
		} {
			if err := r.open(t).Check(ctx); err == nil || !strings.Contains(err.Error(), want) || !cache.IsKind(err, cache.KindInvalid) {
				t.Errorf("check: %v, want %q", err, want)
			}
			if err := call(r.open(t), "deliver", changeOf("r1", token.Generate())); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("deliver: %v, want %q", err, want)
			}
		}
	})
}

func TestSecretRotationByAWS(t *testing.T) {
	t.Parallel()
	server, endpoint := startStandIn(t)
	r, api := newSecret(t, endpoint, ""), clientAt(t, endpoint)
	name := r.target.SecretsManager.Secret
	if _, err := api.PutSecretValue(context.Background(), &secretsmanager.PutSecretValueInput{
		SecretId: &name, SecretString: aws.String("of-another-rotation"), VersionStages: []string{"AWSPENDING"}}); err != nil {
		t.Fatal(err)
	}
	if err := r.open(t).Check(context.Background()); err != nil {
		t.Fatalf("a label that was left: %v", err)
	}
	change := changeOf("r1", token.Generate())
	must(t, r.open(t), change, "revert")
	if labelled(t, api, name, "AWSPENDING") != "of-another-rotation" {
		t.Fatal("revert took another rotation's label")
	}
	server.mu.Lock()
	server.secrets[name].rotation = true
	server.mu.Unlock()
	if err := r.open(t).Check(context.Background()); err == nil || !strings.Contains(err.Error(), "automatic rotation") {
		t.Fatalf("rotated by AWS: %v", err)
	}
}

// A repetition asks, and changes nothing.
func TestSecretRepetitionWritesNothing(t *testing.T) {
	t.Parallel()
	server, endpoint := startStandIn(t)
	r, change := newSecret(t, endpoint, "password"), changeOf("r1", token.Generate())
	must(t, r.open(t), change, "stage", "deliver")
	server.mu.Lock()
	before := server.calls["PutSecretValue"] + server.calls["UpdateSecretVersionStage"]
	server.mu.Unlock()
	must(t, r.open(t), change, "stage", "deliver", "deliver", "finish")
	server.mu.Lock()
	defer server.mu.Unlock()
	if after := server.calls["PutSecretValue"] + server.calls["UpdateSecretVersionStage"]; before != 3 || after != before {
		t.Fatalf("%d writes, then %d", before, after)
	}
}
