package trust

import (
	"errors"
	"fmt"
	"io/fs"
)

// ErrNoStore says that this machine has none of the stores that are known here.
var ErrNoStore = errors.New("this system's trust store is not known: give clients the file instead " +
	"(redis-cli --cacert FILE, AWS_CA_BUNDLE=FILE), or import it with the system's own means")

// Store is a kind of trust store.
type Store struct {
	Name      string // of the systems that have it
	dir       string // for certificates of the machine's own, without the leading slash
	extension string
	refresh   []string // makes the bundle new
	forget    []string // the same after a certificate was taken away
}

// stores is in the order of looking: openSUSE has update-ca-certificates, too, so
// the directory decides.
func stores() []Store {
	return []Store{
		{
			Name: "Debian, Ubuntu or Alpine", dir: "usr/local/share/ca-certificates", extension: ".crt",
			refresh: []string{"update-ca-certificates"},
			// Without --fresh the link of a removed certificate stays in /etc/ssl/certs.
			forget: []string{"update-ca-certificates", "--fresh"},
		},
		{
			Name: "Fedora or RHEL", dir: "etc/pki/ca-trust/source/anchors", extension: ".pem",
			refresh: []string{"update-ca-trust", "extract"}, forget: []string{"update-ca-trust", "extract"},
		},
		{
			Name: "Arch", dir: "etc/ca-certificates/trust-source/anchors", extension: ".crt",
			refresh: []string{"trust", "extract-compat"}, forget: []string{"trust", "extract-compat"},
		},
		{
			Name: "openSUSE", dir: "usr/share/pki/trust/anchors", extension: ".pem",
			refresh: []string{"update-ca-certificates"}, forget: []string{"update-ca-certificates"},
		},
	}
}

// Detect finds the store of the machine whose root directory is given. found says
// whether a command is there, as exec.LookPath does. The error is [ErrNoStore].
func Detect(root fs.FS, found func(command string) bool) (Store, error) {
	for _, store := range stores() {
		info, err := fs.Stat(root, store.dir)
		if err == nil && info.IsDir() && found(store.refresh[0]) {
			return store, nil
		}
	}
	if found("update-ca-certificates") || found("update-ca-trust") {
		return Store{}, fmt.Errorf("%w (the directory for own certificates is missing)", ErrNoStore)
	}
	return Store{}, ErrNoStore
}
