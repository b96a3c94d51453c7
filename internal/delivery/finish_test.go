package delivery_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/aikagi/aikagi/internal/cache/token"
)

// Finish comes at every end of a rotation, also of one that was never set. Wherever the
// delivery stopped, it leaves in use what is, and nothing else behind.
func TestFinishWherever(t *testing.T) {
	each(t, func(t *testing.T, fresh func(*testing.T) receiver) {
		for _, stopped := range []string{"", "stage", "deliver", "revert"} {
			for n := 1; ; n++ {
				r, change := fresh(t), changeOf("r1", token.Generate())
				if stopped == "revert" {
					must(t, r.open(t), change, "stage", "deliver")
				}
				again := stopped != "" && killed(t, r, stopped, change, n)
				now := r.inUse(t)
				change.Token = token.Token{} // the salt may be erased
				must(t, r.open(t), change, "finish", "finish")
				r.mustUse(t, now)
				if rest := r.rest(t); rest != "" {
					t.Fatalf("%q stopped at point %d, then finish: left behind: %s", stopped, n, rest)
				}
				if !again {
					break
				}
			}
		}
	})
}

// A repetition of Finish or Revert that comes late does not take from a later rotation
// what that needs to go back.
func TestFinishLeavesLaterRotationAlone(t *testing.T) {
	t.Parallel()
	for _, late := range []string{"finish", "revert"} {
		r, first, second := newFile(t), token.Generate(), token.Generate()
		d := r.open(t)
		must(t, d, changeOf("r1", first), "deliver", "finish")
		must(t, d, changeOf("r2", second), "deliver")
		must(t, d, changeOf("r1", first), late)
		r.mustUse(t, second.Reveal())
		must(t, d, changeOf("r2", second), "revert")
		r.mustUse(t, first.Reveal())
		if rest := r.rest(t); rest != "" {
			t.Errorf("late %s: left behind: %s", late, rest)
		}
	}
}

// AWS's own rotation labels a version AWSPENDING before it has a value. That is not ours,
// and no reason to fail.
func TestSecretPendingWithoutValue(t *testing.T) {
	t.Parallel()
	server, endpoint := startStandIn(t)
	r, token := newSecret(t, endpoint, ""), token.Generate()
	d, change, name := r.open(t), changeOf("r1", token), r.target.SecretsManager.Secret
	must(t, d, change, "stage", "deliver")
	label := func() string {
		server.mu.Lock()
		defer server.mu.Unlock()
		return server.secrets[name].labels["AWSPENDING"]
	}
	server.mu.Lock()
	server.secrets[name].labels["AWSPENDING"] = "without-a-value-yet"
	server.mu.Unlock()
	must(t, d, change, "finish")
	r.mustUse(t, token.Reveal())
	must(t, d, change, "revert")
	r.mustUse(t, oldToken)
	if label() != "without-a-value-yet" {
		t.Error("the label of AWS's rotation was taken")
	}
}

// What a rotation that was not set leaves in a secret: both versions, with their labels.
func TestSecretFinishKeepsLabels(t *testing.T) {
	eachServer(t, func(t *testing.T, endpoint string, api *secretsmanager.Client) {
		r, token := newSecret(t, endpoint, ""), token.Generate()
		name := r.target.SecretsManager.Secret
		must(t, r.open(t), changeOf("r1", token), "stage", "deliver", "finish", "finish")
		if labelled(t, api, name, "AWSCURRENT") != token.Reveal() || labelled(t, api, name, "AWSPREVIOUS") != oldToken {
			t.Fatal("finish moved a label that is in use")
		}
	})
}
