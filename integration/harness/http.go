package harness

import (
	"errors"
	"net/http"

	"github.com/aws/smithy-go"
)

// HTTP is for the tests' own requests. Its connections are its own: those of http.DefaultClient that are idle end whenever a
// server of package httptest is closed, which other tests do at the same time.
var HTTP = &http.Client{Transport: &http.Transport{}}

// Refused reports whether the service has answered a call, and not as was asked. One that is killed meanwhile may not have answered.
func Refused(err error) bool {
	var answer smithy.APIError
	return errors.As(err, &answer)
}
