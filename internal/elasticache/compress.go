package elasticache

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
)

// compressAbove is the length in bytes from which an answer is worth compressing.
const compressAbove = 1 << 10

// compress returns the answer compressed if the client takes that, and nil if it is
// to be sent as it is.
//
// It is more than thrift. The AWS SDK for Go loses answers of more than 4 KiB (the
// read buffer of net/http) that come quickly: it closes the request's body when the
// answer's header arrives, net/http, which asks that body once more whether anything
// follows, takes the refusal for a failed write and ends the connection under the
// answer (smithy-go v1.28, transport/http/internal/io/safe.go). On a loaded machine
// that was one answer of twelve. A page of XML shrinks tenfold, and so fits.
func compress(r *http.Request, answer []byte) []byte {
	if len(answer) < compressAbove || !acceptsGzip(r) {
		return nil
	}
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	if _, err := writer.Write(answer); err != nil {
		return nil
	}
	if err := writer.Close(); err != nil {
		return nil
	}
	return out.Bytes()
}

// acceptsGzip reads the form that clients send: a list of names, gzip among them,
// perhaps with a weight. A weight of zero, which refuses, no client of AWS sends.
func acceptsGzip(r *http.Request) bool {
	for name := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(name), ";")
		if strings.EqualFold(coding, "gzip") && strings.TrimSpace(weight) != "q=0" {
			return true
		}
	}
	return false
}
