// Package web is the console's front end, as the build left it in dist: the program
// embeds it, so that one file serves the API and the console.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist is the built front end, with index.html at its root. Without a build before
// (make build does it) it has no index.html.
func Dist() fs.FS {
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the directive above is wrong: no user can cause or mend it
	}
	return built
}
