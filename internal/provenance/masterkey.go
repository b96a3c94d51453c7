package provenance

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/store"
)

// checkValue is what a master key is recognised by. It tells nothing of the key, which is 256 random bits.
func checkValue(masterKey []byte) []byte {
	mac := hmac.New(sha256.New, masterKey)
	mac.Write([]byte("aikagi key check"))
	return mac.Sum(nil)
}

// Nodes refuses a master key that the directory's nodes do not know. It comes before the store is opened, which
// may bring that to a newer release.
func Nodes(dir *datadir.Dir, key []byte) error {
	if disproven(dir, engine.NewKeyring(key)) {
		return wrongKey(dir, "the nodes in "+dir.Nodes()+" were made with")
	}
	return nil
}

// MasterKey refuses a master key that is not the store's. A store that has no mark yet gets it: see [Nodes].
func MasterKey(ctx context.Context, s store.Store, dir *datadir.Dir, key []byte) error {
	want, err := mark(ctx, s, store.MarkMasterKey)
	if err != nil {
		return err
	}
	value := checkValue(key)
	switch {
	case hmac.Equal(value, want):
		return nil
	case want != nil:
		return wrongKey(dir, dir.Store()+" was made with")
	}
	return putMark(ctx, s, store.MarkMasterKey, value)
}

func wrongKey(dir *datadir.Dir, made string) error {
	return fmt.Errorf("%s is not the key that %s. Nothing was changed. Restore the right key from a backup, or all of the directory's files from the same backup: "+
		"the engines accept no other key. If the right one is lost, connect to the engines as a client and copy out what you need, stop them with aikagi down --data-dir %s, "+
		"and begin with a new directory", dir.MasterKeyPath(), made, dir.Path())
}

// disproven reports whether nodes know an administrator, and none of them the one of this keyring.
func disproven(dir *datadir.Dir, keyring engine.Keyring) bool {
	others := false
	for uid, path := range nodeDirs(dir.Nodes()) {
		text, err := os.ReadFile(filepath.Join(path, engine.AccessFile))
		if err != nil {
			continue // it never got as far as to have one
		}
		known, same := engine.AdminKnown(text, keyring.Admin(uid))
		if same {
			return false
		}
		others = others || known
	}
	return others
}

func mark(ctx context.Context, s store.Store, name store.Mark) (value []byte, err error) {
	err = s.View(ctx, func(tx store.Tx) error {
		value, err = store.ReadMark(tx, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what %s is recognised by: %w", name, err)
	}
	return value, nil
}

func putMark(ctx context.Context, s store.Store, name store.Mark, value []byte) error {
	err := s.Update(ctx, func(tx store.UpdateTx) error {
		return store.Put(tx, store.Marks, &store.Marked{Mark: name, Value: value})
	})
	if err != nil {
		return fmt.Errorf("note what %s is recognised by: %w", name, err)
	}
	return nil
}
