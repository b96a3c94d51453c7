package sigv4_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestVerifyLikeSigner compares with the SDK's signer: whatever request it signs
// is accepted with the right secret, whatever the order of its query parameters,
// and refused with another one.
func TestVerifyLikeSigner(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		body := rapid.String().Draw(rt, "body")
		request := drawRequest(rt)
		for _, key := range []string{secret, "wrong"} {
			r := newRequest(rt, "http://127.0.0.1:6380", body)
			r.Method, r.URL.Path, r.URL.RawQuery, r.Header = request.Method, request.URL.Path, request.URL.RawQuery, request.Header.Clone()
			signing{secret: key}.sign(rt, r, []byte(body))
			got := received(rt, r)
			parts := rapid.Permutation(strings.Split(got.URL.RawQuery, "&")).Draw(rt, "order")
			got.URL.RawQuery = strings.Join(parts, "&")
			id, err := verifier().Verify(got, []byte(body), noon)
			if (err == nil) != (key == secret) || (err == nil) != (id.AccessKeyID == accessKeyID) {
				rt.Fatalf("secret %q: got %+v and %v", key, id, err)
			}
		}
	})
}

func drawRequest(rt *rapid.T) *http.Request {
	text := rapid.StringOf(rapid.OneOf(rapid.RuneFrom([]rune(" +%&=;/~'é合")), rapid.Rune()))
	query := url.Values(rapid.MapOf(text, rapid.SliceOfN(text, 1, 3)).Draw(rt, "query"))
	names := rapid.SampledFrom([]string{"X-Amz-Meta-A", "X-Amz-Target", "Content-Type", "Accept", "X-Other", "User-Agent"})
	values := rapid.SliceOfN(rapid.StringMatching(`[ -~é合]{0,5} {0,4}[ -~]{0,5}`), 1, 3)
	return &http.Request{
		Method: rapid.SampledFrom([]string{"GET", "POST", "PUT"}).Draw(rt, "method"),
		URL: &url.URL{
			Path:     "/" + text.Draw(rt, "path"),
			RawQuery: query.Encode(),
		},
		Header: rapid.MapOf(names, values).Draw(rt, "header"),
	}
}
