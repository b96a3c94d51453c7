package client

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/aws/smithy-go"
)

// Error is what the control plane answered instead of a result to an action of our own. It
// is a [smithy.APIError], as those of the SDK are.
type Error struct {
	Code    string `xml:"Error>Code"`
	Message string `xml:"Error>Message"`

	ServerVersion string `xml:"-"` // of the program that answered; empty: it is too old to say
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// ErrorCode is that of [smithy.APIError].
func (e *Error) ErrorCode() string { return e.Code }

// ErrorMessage is that of [smithy.APIError].
func (e *Error) ErrorMessage() string { return e.Message }

// ErrorFault is always unknown: callers go by the code.
func (e *Error) ErrorFault() smithy.ErrorFault { return smithy.FaultUnknown }

// IsCode reports whether err is an answer with that code.
func IsCode(err error, code string) bool {
	var answer smithy.APIError
	return errors.As(err, &answer) && answer.ErrorCode() == code
}

// UnreachableError says that a request got no answer.
type UnreachableError struct {
	Endpoint string
	Err      error
}

func (e *UnreachableError) Error() string { return fmt.Sprintf("reach %s: %v", e.Endpoint, e.Err) }
func (e *UnreachableError) Unwrap() error { return e.Err }

// Refused reports that nothing listens there.
func (e *UnreachableError) Refused() bool { return errors.Is(e.Err, syscall.ECONNREFUSED) }

// RetryableError keeps the SDK from asking again and again where nobody listens.
func (e *UnreachableError) RetryableError() bool { return !e.Refused() }
