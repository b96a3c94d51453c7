package sigv4

import "net/http"

// Error is a refusal in AWS's own words, fit to be sent to the caller.
type Error struct {
	// Code is AWS's error code, such as "SignatureDoesNotMatch".
	Code       string
	HTTPStatus int
	Message    string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

func missingToken() *Error {
	return &Error{"MissingAuthenticationToken", http.StatusForbidden, "Request is missing Authentication Token"}
}

func incomplete(message string) *Error {
	return &Error{"IncompleteSignature", http.StatusBadRequest, message}
}

func expired(message string) *Error {
	return &Error{"RequestExpired", http.StatusBadRequest, message}
}

func malformedQuery() *Error {
	return &Error{"MalformedQueryString", http.StatusNotFound, "The query string contains a syntax error."}
}

func invalidToken() *Error {
	return &Error{"InvalidClientTokenId", http.StatusForbidden, "The security token included in the request is invalid."}
}

func doesNotMatch(message string) *Error {
	return &Error{"SignatureDoesNotMatch", http.StatusForbidden, message}
}

// wrongSignature is all that a caller learns from a signature that is wrong. AWS
// adds the canonical request; we do not, because it repeats header values.
const wrongSignature = "The request signature we calculated does not match the signature you provided. " +
	"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
