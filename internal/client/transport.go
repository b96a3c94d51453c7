package client

import (
	"io"
	"net/http"
)

// VersionHeader is the header of answers to known callers with the version of the program.
const VersionHeader = "X-Aikagi-Version"

// transport keeps quick answers from being lost. The AWS SDK closes a request's body as soon as the answer's header is
// there, and from then on the body's WriteTo reports io.EOF as an error (smithy-go v1.28,
// transport/http/internal/io/safe.go). net/http may call WriteTo after that, to see that nothing follows the announced
// length, and then ends the connection while the answer is still being read: on a loopback that is one of ten answers
// of more than 4 KiB. Without WriteTo it calls Read, which reports the end as the end.
//
// It also marks the error of a request that got no answer, see [UnreachableError].
type transport struct {
	http.RoundTripper
	endpoint string
}

// RoundTrip sends a request whose body can only be read and closed.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Body != nil && request.Body != http.NoBody {
		request = request.WithContext(request.Context()) // a copy: callers keep theirs
		request.Body = struct{ io.ReadCloser }{request.Body}
	}
	response, err := t.RoundTripper.RoundTrip(request)
	if err != nil {
		if request.Context().Err() != nil {
			return nil, err
		}
		return nil, &UnreachableError{Endpoint: t.endpoint, Err: err}
	}
	return response, nil
}
