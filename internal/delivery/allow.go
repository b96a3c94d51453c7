package delivery

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/cache/rotation"
)

// place is a path below an allowed directory, with all symbolic links resolved.
type place struct{ root, rel string }

func (p place) path() string { return filepath.Join(p.root, p.rel) }

// allowed finds path below one of dirs. Links are resolved on both sides, so that
// none leads out of the directory. One message serves paths that are outside and
// those that do not exist there: a caller of the API learns nothing about either.
func allowed(dirs []string, path, option string) (place, error) {
	if len(dirs) == 0 {
		return place{}, refuse("Delivery to %s is not allowed, because no directory is. Start the server with %s DIRECTORY.", path, option)
	}
	outside := refuse("Delivery to %s is not allowed: it is not below %s. Allow another directory by starting the server with %s DIRECTORY.",
		path, strings.Join(dirs, ", "), option)
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		if slices.ContainsFunc(dirs, func(dir string) bool { return lexicallyBelow(dir, path) }) {
			return place{}, refuse("%s cannot be used: %v. Create it first.", path, err)
		}
		return place{}, outside
	}
	for _, dir := range dirs {
		dir, err := filepath.Abs(dir)
		if err != nil {
			continue
		}
		root, err := filepath.EvalSymlinks(dir)
		if err != nil {
			continue
		}
		if rel, err := filepath.Rel(root, resolved); err == nil && filepath.IsLocal(rel) {
			return place{root: root, rel: rel}, nil
		}
	}
	return place{}, outside
}

func lexicallyBelow(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// allowedEndpoint checks a Secrets Manager endpoint that is not AWS's own: it would
// get the token, and requests signed with the server's credentials.
func allowedEndpoint(endpoints []string, target rotation.SecretsManagerTarget) error {
	same := func(e string) bool { return strings.TrimSuffix(e, "/") == strings.TrimSuffix(target.Endpoint, "/") }
	if target.Endpoint == "" || slices.ContainsFunc(endpoints, same) {
		return nil
	}
	return refuse("Delivery to the endpoint %s is not allowed. Start the server with %s URL.", target.Endpoint, flagEndpoints)
}
