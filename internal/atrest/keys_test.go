package atrest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

func masterKey(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

// A data key opens for its group, with its master key, after a restart; and for nobody else.
func TestMasterKeyWraps(t *testing.T) {
	t.Parallel()
	made, err := New(masterKey('m'), nil).Make(t.Context(), "g1", "")
	if err != nil {
		t.Fatal(err)
	}
	if made.KMSKeyID != "" {
		t.Errorf("wrapped by %q", made.KMSKeyID)
	}
	keys := New(masterKey('m'), nil)
	key, err := keys.Open(t.Context(), "g1", made)
	if err != nil || len(key.Reveal()) != KeySize || bytes.Contains(made.Wrapped, key.Reveal()) {
		t.Fatalf("a key of %d bytes, %v", len(key.Reveal()), err)
	}
	again, err := keys.Open(t.Context(), "g1", made)
	if err != nil || !bytes.Equal(again.Reveal(), key.Reveal()) {
		t.Errorf("asked again: %v", err)
	}
	damaged := replication.DataKey{Wrapped: bytes.Clone(made.Wrapped)}
	damaged.Wrapped[len(damaged.Wrapped)-1] ^= 1
	for what, try := range map[string]func() (Key, error){
		"another master key": func() (Key, error) { return New(masterKey('o'), nil).Open(t.Context(), "g1", made) },
		"another group":      func() (Key, error) { return keys.Open(t.Context(), "g2", made) },
		"a changed key":      func() (Key, error) { return New(masterKey('m'), nil).Open(t.Context(), "g1", &damaged) },
		"no key":             func() (Key, error) { return keys.Open(t.Context(), "g3", &replication.DataKey{}) },
	} {
		if key, err := try(); !errors.Is(err, ErrWrapped) || key.Reveal() != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	keys.Forget("g1")
	if _, err := keys.Open(t.Context(), "g1", &damaged); err == nil {
		t.Error("a forgotten key is remembered")
	}
}

// Each node's key is its own, the same each time, and tells nothing in print.
func TestNodeKeys(t *testing.T) {
	t.Parallel()
	group := NewKey()
	one, other := group.Node("u1"), group.Node("u2")
	if len(one.Reveal()) != KeySize || bytes.Equal(one.Reveal(), other.Reveal()) || bytes.Equal(one.Reveal(), group.Reveal()) || !bytes.Equal(one.Reveal(), group.Node("u1").Reveal()) {
		t.Error("keys of nodes are not each its own")
	}
	for _, form := range []string{"%v", "%s", "%+v", "%#v", "%x", "%q", "%d"} {
		if text := fmt.Sprintf(form, one); text != "***" {
			t.Errorf("%s prints %s", form, text)
		}
	}
}

func TestKMSIsThere(t *testing.T) {
	t.Parallel()
	keys := New(masterKey('m'), nil)
	if _, err := keys.Make(t.Context(), "g", "alias/mine"); !cache.IsKind(err, cache.KindCombination) {
		t.Errorf("Make: %v", err)
	}
	if _, err := keys.Open(t.Context(), "g", &replication.DataKey{KMSKeyID: "arn:aws:kms:x", Wrapped: []byte{1}}); !errors.Is(err, ErrNoKMS) || !strings.Contains(err.Error(), "arn:aws:kms:x") {
		t.Errorf("Open: %v", err)
	}
}
