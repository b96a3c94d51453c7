package elasticache

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCompress(t *testing.T) {
	t.Parallel()
	long := []byte(strings.Repeat("<Event><Message>the same again</Message></Event>", 200))
	for _, c := range []struct {
		accept string
		answer []byte
		want   bool
	}{
		{"gzip", long, true},
		{"deflate, GZIP;q=0.5", long, true},
		{"gzip", long[:100], false},
		{"identity", long, false},
		{"gzip;q=0", long, false},
		{"", long, false},
	} {
		r := httptest.NewRequest("POST", "/", nil)
		r.Header.Set("Accept-Encoding", c.accept)
		small := compress(r, c.answer)
		if (small != nil) != c.want {
			t.Errorf("%q, %d bytes: compressed: %t", c.accept, len(c.answer), small != nil)
		}
		if small == nil {
			continue
		}
		reader, err := gzip.NewReader(bytes.NewReader(small))
		if err != nil {
			t.Fatal(err)
		}
		if back, err := io.ReadAll(reader); err != nil || !bytes.Equal(back, c.answer) {
			t.Errorf("%q: came back as %d bytes, %v", c.accept, len(back), err)
		}
	}
}
