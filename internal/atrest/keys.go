package atrest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/singleflight"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
)

// Keys makes groups' data keys and opens them again. It is safe for concurrent use.
type Keys struct {
	master master
	kms    *KMS // nil: there is none

	asking singleflight.Group // by group

	mu   sync.Mutex // guards open
	open map[string]Key
}

// New has data keys wrapped by the master key or, where a group asks for one of its keys, by the KMS; nil: there is none.
func New(masterKey []byte, kms *KMS) *Keys {
	return &Keys{master: newMaster(masterKey), kms: kms, open: map[string]Key{}}
}

// Make makes the data key of a group, by its UID. kmsKeyID names a key of the KMS in any of its forms; empty: the master key wraps it.
// Errors are of [cache.KindCombination] (there is no KMS), [cache.KindInvalid] (it does not give the key) and [cache.KindUnavailable].
func (k *Keys) Make(ctx context.Context, group, kmsKeyID string) (*replication.DataKey, error) {
	if kmsKeyID == "" {
		return &replication.DataKey{Wrapped: k.master.wrap(NewKey(), group)}, nil
	}
	if k.kms == nil {
		return nil, cache.Errorf(cache.KindCombination, "KmsKeyId names a key of a key management service, and this server has none: start it with "+
			"--kms-endpoint, or leave KmsKeyId out to have the server's own master key wrap the group's key.")
	}
	wrapped, arn, err := k.kms.generate(ctx, kmsKeyID, group)
	switch {
	case errors.Is(err, ErrKMSKey):
		return nil, cache.Errorf(cache.KindInvalid, "KmsKeyId %s cannot be used: %v", kmsKeyID, err)
	case err != nil:
		return nil, cache.Errorf(cache.KindUnavailable, "The key management service is not reached, so nothing was created: %v", err)
	}
	return &replication.DataKey{KMSKeyID: arn, Wrapped: wrapped}, nil
}

// Known reports whether a group's key was opened already, so that Open returns it at once.
func (k *Keys) Known(group string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, found := k.open[group]
	return found
}

// Open returns a group's data key. The KMS is asked until it has given it once, by one caller at a time. Errors: ErrNoKMS, ErrKMSKey, ErrWrapped, or
// that the KMS was not reached.
func (k *Keys) Open(ctx context.Context, group string, key *replication.DataKey) (Key, error) {
	k.mu.Lock()
	known, found := k.open[group]
	k.mu.Unlock()
	if found {
		return known, nil
	}
	opened, err, _ := k.asking.Do(group, func() (any, error) {
		opened, err := k.unwrap(ctx, group, key)
		if err == nil {
			k.keep(group, opened)
		}
		return opened, err
	})
	if err != nil {
		return Key{}, fmt.Errorf("open data key: %w", err)
	}
	return opened.(Key), nil
}

func (k *Keys) unwrap(ctx context.Context, group string, key *replication.DataKey) (Key, error) {
	switch {
	case key.KMSKeyID == "":
		return k.master.unwrap(key.Wrapped, group)
	case k.kms == nil:
		return Key{}, fmt.Errorf("%w %s", ErrNoKMS, key.KMSKeyID)
	}
	return k.kms.decrypt(ctx, key.Wrapped, key.KMSKeyID, group)
}

// Forget lets a group's key go, when the group is gone. Nil has none.
func (k *Keys) Forget(group string) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.open, group)
}

func (k *Keys) keep(group string, key Key) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.open[group] = key
}
