package provenance

import (
	"context"
	"fmt"
	"os"

	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/store"
)

// AccessKey reads the access key, or makes one. Removing the file is the way to replace the key, so that is no
// error; note says what it means for those who have the old one.
func AccessKey(ctx context.Context, s store.Store, dir *datadir.Dir) (key datadir.AccessKey, note string, err error) {
	_, missing := os.Lstat(datadir.CredentialsPath(dir.Path()))
	if key, err = dir.AccessKey(); err != nil {
		return key, "", err
	}
	known, err := mark(ctx, s, store.MarkAccessKey)
	if err != nil || string(known) == key.ID {
		return key, "", err
	}
	switch {
	case known == nil:
	case missing != nil:
		note = fmt.Sprintf("%s was missing and has a new access key: callers with the old one (%s) are refused until they have the new one", datadir.CredentialsPath(dir.Path()), known)
	default:
		note = fmt.Sprintf("%s has another access key than before: callers with the old one (%s) are refused until they have the new one", datadir.CredentialsPath(dir.Path()), known)
	}
	return key, note, putMark(ctx, s, store.MarkAccessKey, []byte(key.ID))
}
