package delivery

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"github.com/aikagi/aikagi/internal/cache/token"
)

// outputMax is how much of a program's output is kept, in bytes.
const outputMax = 4096

// shapes are the ways in which programs and servers may repeat a token.
func shapes(token token.Token) []string {
	secret := token.Reveal()
	if secret == "" {
		return nil
	}
	raw := []byte(secret)
	quoted, _ := json.Marshal(secret) // a string always can be
	inner := strings.Trim(string(quoted), `"`)
	twice, _ := json.Marshal(inner) // in an object that is sent as a string
	return []string{
		secret,
		inner,
		strings.Trim(string(twice), `"`),
		url.QueryEscape(secret),
		url.PathEscape(secret),
		base64.RawStdEncoding.EncodeToString(raw),
		base64.RawURLEncoding.EncodeToString(raw),
		base64.RawStdEncoding.EncodeToString(append(raw, '\n')), // base64 of the line on stdin
		hex.EncodeToString(raw),
	}
}

// redact replaces the token in a text of foreign origin.
func redact(text string, token token.Token) string {
	for _, shape := range shapes(token) {
		text = strings.ReplaceAll(text, shape, "***")
	}
	return text
}

// clean hides the token in an error of foreign origin. The chain of errors is kept
// only if there was nothing to hide.
func clean(err error, token token.Token) error {
	if err == nil {
		return nil
	}
	if text := redact(err.Error(), token); text != err.Error() {
		return errors.New(text)
	}
	return err
}

// output keeps the beginning of what is written to it.
type output struct {
	kept []byte
	cut  bool
}

// Write never fails: a program must not notice that nobody reads on.
func (o *output) Write(p []byte) (int, error) {
	n := min(len(p), outputMax-len(o.kept))
	o.kept = append(o.kept, p[:n]...)
	o.cut = o.cut || n < len(p)
	return len(p), nil
}

// text is what was kept, without the token, not even a part of it at the cut.
func (o *output) text(token token.Token) string {
	text := redact(string(o.kept), token)
	if !o.cut {
		return text
	}
	for _, shape := range shapes(token) {
		for n := min(len(shape)-1, len(text)); n > 0; n-- {
			if strings.HasSuffix(text, shape[:n]) {
				text = text[:len(text)-n]
				break
			}
		}
	}
	return text + "…"
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if len(line) > 300 {
		line = strings.ToValidUTF8(line[:300], "") + "…"
	}
	return line
}
