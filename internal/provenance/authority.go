package provenance

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/pki"
	"github.com/aikagi/aikagi/internal/store"
)

// Authority opens the CA that clients of this directory were given, and makes one if they were given none. A certificate
// that was lost is written again if its key is there; note then says so. With replace, another CA
// than theirs is taken, or made. One that is made may vouch for further names and addresses.
func Authority(ctx context.Context, s store.Store, dir *datadir.Dir, now func() time.Time, replace bool, vouch ...string) (authority *pki.Authority, note string, err error) {
	known, err := knownAuthority(ctx, s, dir)
	if err != nil {
		return nil, "", err
	}
	switch {
	case known == nil || replace:
	case pki.Missing(dir.Path()):
		return nil, "", fmt.Errorf("%s and %s are missing: clients trust the lost authority. Nothing was changed. Restore both from a backup, "+
			"or start once with --new-ca to make a new authority, which every client must then be given",
			filepath.Join(dir.Path(), pki.AuthorityFile), pki.AuthorityKeyFile)
	default:
		restored, err := pki.Restore(dir.Path(), known)
		if err != nil {
			return nil, "", err
		}
		if restored {
			note = filepath.Join(dir.Path(), pki.AuthorityFile) + " was missing and has been written again"
		}
	}
	if authority, err = pki.Open(dir.Path(), now, vouch...); err != nil {
		return nil, "", err
	}
	if known != nil && !replace && !bytes.Equal(authority.CertPEM(), known) {
		return nil, "", fmt.Errorf("%s is not the authority that clients of this directory trust. Nothing was changed. Restore it and %s from a backup, "+
			"or start once with --new-ca to continue with this one, which every client must then be given", authority.Path(), pki.AuthorityKeyFile)
	}
	if stored, err := mark(ctx, s, store.MarkAuthority); err != nil || bytes.Equal(stored, authority.CertPEM()) {
		return authority, note, err
	}
	return authority, note, putMark(ctx, s, store.MarkAuthority, authority.CertPEM())
}

// knownAuthority is the certificate of the CA that clients were given, as the store has it, or in a directory of an
// earlier release a node; nil if there was none.
func knownAuthority(ctx context.Context, s store.Store, dir *datadir.Dir) ([]byte, error) {
	known, err := mark(ctx, s, store.MarkAuthority)
	if err != nil || known != nil || !pki.Incomplete(dir.Path()) {
		return known, err
	}
	for _, path := range nodeDirs(dir.Nodes()) {
		if text, err := os.ReadFile(filepath.Join(path, engine.AuthorityFile)); err == nil && len(text) > 0 {
			return text, nil
		}
	}
	return nil, nil
}
