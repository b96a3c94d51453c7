package sigv4_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/elasticache/sigv4"
)

// TestVerifyKnownSignatures checks the "get-vanilla" requests of the two
// versions of AWS's SigV4 test suite. The older one signs Date, and has the wrong
// day of the week in it.
func TestVerifyKnownSignatures(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, service, host  string
		header, date, signed string
		signature            string
		at                   time.Time
	}{
		{
			"X-Amz-Date", "service", "example.amazonaws.com",
			"X-Amz-Date", "20150830T123600Z", "20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date",
			"5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
			time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC),
		},
		{
			"Date", "host", "host.foo.com",
			"Date", "Mon, 09 Sep 2011 23:36:00 GMT", "20110909/us-east-1/host/aws4_request, SignedHeaders=date;host",
			"b27ccfbfa7df52a200ff74193ca6e32d4b48b8856fab7ebf1c595d0670a7e470",
			time.Date(2011, 9, 9, 23, 36, 0, 0, time.UTC),
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := verifier()
			v.Services = []string{c.service}
			r := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/"}, Host: c.host, Header: http.Header{}}
			r.Header.Set(c.header, c.date)
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+accessKeyID+"/"+c.signed+", Signature="+c.signature)
			got, err := v.Verify(r, nil, c.at)
			want := sigv4.Identity{AccessKeyID: accessKeyID, Region: "us-east-1", Service: c.service}
			if err != nil || got != want {
				t.Errorf("got %+v and %v, want %+v", got, err, want)
			}
		})
	}
}
