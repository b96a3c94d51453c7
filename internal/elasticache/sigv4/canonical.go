package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// canonicalRequest is the text that stands for the request in the signature.
func canonicalRequest(r *http.Request, signed []string, body []byte) (string, error) {
	query, err := canonicalQuery(r.URL.RawQuery)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, line := range []string{r.Method, canonicalPath(r.URL), query} {
		b.WriteString(line)
		b.WriteByte('\n')
	}
	for _, name := range signed {
		b.WriteString(name + ":" + canonicalHeader(r, name) + "\n")
	}
	b.WriteString("\n" + strings.Join(signed, ";") + "\n" + hash(body))
	return b.String(), nil
}

// canonicalPath encodes the path as it was sent once more, which every service
// but S3 asks for. Clients send "/", so dots are not resolved.
func canonicalPath(u *url.URL) string {
	sent := u.EscapedPath()
	if sent == "" {
		return "/"
	}
	return encode(sent, "/")
}

// canonicalQuery sorts the parameters after encoding each name and value.
func canonicalQuery(raw string) (string, error) {
	var pairs [][2]string
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		name, nameErr := url.QueryUnescape(name)
		value, valueErr := url.QueryUnescape(value)
		if nameErr != nil || valueErr != nil {
			return "", malformedQuery()
		}
		pairs = append(pairs, [2]string{encode(name, ""), encode(value, "")})
	}
	slices.SortFunc(pairs, func(a, b [2]string) int {
		return slices.Compare(a[:], b[:])
	})
	sorted := make([]string, len(pairs))
	for i, pair := range pairs {
		sorted[i] = pair[0] + "=" + pair[1]
	}
	return strings.Join(sorted, "&"), nil
}

// canonicalHeader is a header's value without needless spaces. The Host header
// is where net/http puts it, port included.
func canonicalHeader(r *http.Request, name string) string {
	values := r.Header.Values(name)
	if name == "host" {
		values = []string{r.Host}
	}
	trimmed := make([]string, len(values))
	for i, value := range values {
		trimmed[i] = singleSpaces(value)
	}
	return strings.Join(trimmed, ",")
}

func singleSpaces(s string) string {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "  ") {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if s[i] != ' ' || s[i-1] != ' ' {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// encode percent-encodes every byte but the unreserved ones of RFC 3986 and
// those in keep.
func encode(s, keep string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; isUnreserved(c) || strings.IndexByte(keep, c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return b.String()
}

func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-_.~", c) >= 0
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
