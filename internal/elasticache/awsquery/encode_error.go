package awsquery

import (
	"fmt"
	"io"
)

// Fault says whose mistake an error was.
type Fault string

const (
	// Sender means that the same request will fail again.
	Sender Fault = "Sender"
	// Receiver means that the service failed and a retry may help.
	Receiver Fault = "Receiver"
)

// ErrorShape is how a modelled error looks on the wire.
type ErrorShape struct {
	// Code is what clients compare with. It differs from the shape's name for
	// half of the errors.
	Code       string
	HTTPStatus int
	Fault      Fault
}

// LookupError finds a modelled error by the name of its shape, which is also the
// name of its Go type in the SDK's types package, such as "UserNotFoundFault".
func LookupError(shape string) (ErrorShape, bool) {
	e, ok := errorShapes[shape]
	return e, ok
}

// EncodeError writes an error answer. The HTTP status is for the caller to set.
// An error means that w failed.
func EncodeError(w io.Writer, code, message string, fault Fault, requestID string, opts ...Option) error {
	e := newEnvelope(opts)
	var doc document
	doc.openNamespace("ErrorResponse", e.namespace)
	doc.open("Error")
	doc.element("Type", string(fault))
	doc.element("Code", code)
	doc.element("Message", message)
	doc.close("Error")
	doc.element("RequestId", requestID)
	doc.close("ErrorResponse")
	if err := doc.writeTo(w); err != nil {
		return fmt.Errorf("write error answer: %w", err)
	}
	return nil
}
