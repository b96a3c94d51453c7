package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// files are the built page, by their path below [Path]. Whatever else is asked for is not there,
// so no path can lead anywhere else.
type files map[string]*file

type file struct {
	mediaType string
	immutable bool // its name changes with its content
	content   func() (content, error)
}

// content is a file as it is sent; it is made when it is first asked for.
type content struct {
	plain, packed []byte // packed is gzip; nil: not worth it
	tag           string // of the content, for ETag
}

// mediaTypes are those that a page is built of. The system's own table differs between
// machines, and browsers are told to believe what they are told.
var mediaTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".ico": "image/x-icon", ".js": "text/javascript; charset=utf-8",
	".json": "application/json", ".map": "application/json", ".png": "image/png", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json", ".webp": "image/webp", ".woff": "font/woff", ".woff2": "font/woff2",
}

// list finds the files; hidden ones are not part of the page.
func list(from fs.FS) (files, error) {
	all := files{}
	if from == nil {
		return all, nil
	}
	err := fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == "." {
			return nil
		}
		if err != nil || entry.IsDir() || strings.HasPrefix(name, ".") {
			return err
		}
		mediaType, known := mediaTypes[path.Ext(name)]
		if !known {
			mediaType = "application/octet-stream"
		}
		all[name] = &file{
			mediaType: mediaType, immutable: strings.HasPrefix(name, "assets/"),
			content: sync.OnceValues(func() (content, error) { return read(from, name) }),
		}
		return nil
	})
	return all, err
}

func read(from fs.FS, name string) (content, error) {
	plain, err := fs.ReadFile(from, name)
	if err != nil {
		return content{}, err
	}
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed) // the best level saves 0.3 % and takes half as long again, while somebody waits
	_, _ = writer.Write(plain)        // a buffer takes every write
	_ = writer.Close()
	sum := sha256.Sum256(plain)
	made := content{plain: plain, tag: base64.RawURLEncoding.EncodeToString(sum[:12])}
	if packed.Len() < len(plain)*9/10 {
		made.packed = packed.Bytes()
	}
	return made, nil
}

// page sends a file, and the page itself for every path that could be one of its own.
func (c *Console) page(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		fail(w, http.StatusMethodNotAllowed, errorMethod)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, Path)
	f := c.files[name]
	if f == nil && !looksLikeFile(name) {
		if f = c.files["index.html"]; f == nil {
			notBuilt(w)
			return
		}
	}
	if f == nil {
		http.Error(w, "there is no such file", http.StatusNotFound)
		return
	}
	send, err := f.content()
	if err != nil {
		c.refuse(w, r, err)
		return
	}
	f.send(w, r, send)
}

// looksLikeFile reports whether a path is none of the page's own. Those may have dots, as default.valkey8 has.
func looksLikeFile(name string) bool {
	_, known := mediaTypes[path.Ext(name)]
	return known || strings.HasPrefix(name, "assets/") || strings.HasPrefix(name, ".")
}

func (f *file) send(w http.ResponseWriter, r *http.Request, send content) {
	header, body, tag := w.Header(), send.plain, `"`+send.tag+`"`
	header.Set("Cache-Control", "no-cache") // kept, but asked about each time
	if f.immutable {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if send.packed != nil {
		header.Set("Vary", "Accept-Encoding")
		if takesGzip(r) {
			header.Set("Content-Encoding", "gzip")
			body, tag = send.packed, `"`+send.tag+`-gzip"`
		}
	}
	header.Set("ETag", tag)
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		header.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", f.mediaType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the client is gone if this fails
}

// takesGzip reads the form that browsers send: a list of names, gzip among them or not.
func takesGzip(r *http.Request) bool {
	for name := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		if coding, weight, _ := strings.Cut(strings.TrimSpace(name), ";"); coding == "gzip" && strings.TrimSpace(weight) != "q=0" {
			return true
		}
	}
	return false
}

const notBuiltPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>aikagi</title>
<h1>The console is not part of this build</h1>
<p>This aikagi was built without its console. <code>make build</code> builds both; then start <code>aikagi serve</code> again.</p>
<p>The API and the command line work without it: <code>aikagi --help</code>.</p>
</html>
`

func notBuilt(w http.ResponseWriter) {
	w.Header().Set("Content-Type", mediaTypes[".html"])
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = io.WriteString(w, notBuiltPage) // the client is gone if this fails
}
