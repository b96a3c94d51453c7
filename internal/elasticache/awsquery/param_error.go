package awsquery

import (
	"fmt"
	"strings"
)

// Kind says why a parameter was refused, so that the API face can choose an AWS
// code for it. The codes suggested below are those of the "Common Errors" page
// of the AWS Query services.
type Kind string

const (
	// UnknownParameter is a parameter that the action does not have
	// (InvalidQueryParameter).
	UnknownParameter Kind = "unknown parameter"
	// MissingParameter is a required parameter that is not in the form
	// (MissingParameter).
	MissingParameter Kind = "missing parameter"
	// DuplicateParameter is a parameter that is in the form more than once
	// (InvalidQueryParameter).
	DuplicateParameter Kind = "duplicate parameter"
	// MalformedName is a parameter name with an empty part, or one that uses a
	// list or a structure as a plain value (InvalidQueryParameter).
	MalformedName Kind = "malformed parameter name"
	// MalformedList is a list whose indexes are not 1, 2, 3 and so on
	// (InvalidQueryParameter).
	MalformedList Kind = "malformed list"
	// TooLarge is a list with too many items or a name with too many parts
	// (InvalidQueryParameter).
	TooLarge Kind = "too large"
	// MalformedValue is text that is not of the parameter's type
	// (InvalidParameterValue).
	MalformedValue Kind = "malformed value"
	// NotPermitted is text that is none of the parameter's permitted values
	// (InvalidParameterValue).
	NotPermitted Kind = "value not permitted"
)

// ParamError says which parameter Decode refused and why. Its text is written
// for the caller of the API and holds nothing but the parameter's name.
type ParamError struct {
	Kind Kind
	// Param is the parameter's name as the form spells it, cut off at
	// maxNameInError bytes.
	Param string
	// Want describes what would have been accepted, for MalformedValue.
	Want string
	// Permitted is the list of values to choose from, for NotPermitted.
	Permitted []string
}

const maxNameInError = 200

func refuse(kind Kind, param string) *ParamError {
	if len(param) > maxNameInError {
		param = param[:maxNameInError]
	}
	return &ParamError{Kind: kind, Param: strings.ToValidUTF8(param, "\uFFFD")}
}

func (e *ParamError) Error() string {
	switch e.Kind {
	case UnknownParameter:
		return fmt.Sprintf("The parameter %s is not recognized.", e.Param)
	case MissingParameter:
		return fmt.Sprintf("The request must contain the parameter %s.", e.Param)
	case DuplicateParameter:
		return fmt.Sprintf("The parameter %s must be given only once.", e.Param)
	case MalformedName:
		return fmt.Sprintf("The parameter name %s is not well formed.", e.Param)
	case MalformedList:
		return fmt.Sprintf("The list item %s is not well formed: items are numbered from 1 without gaps.", e.Param)
	case TooLarge:
		return fmt.Sprintf("The parameter %s has more items or more parts than are supported.", e.Param)
	case MalformedValue:
		return fmt.Sprintf("The value of the parameter %s is not %s.", e.Param, e.Want)
	case NotPermitted:
		return fmt.Sprintf("The value of the parameter %s must be one of: %s.", e.Param, strings.Join(e.Permitted, ", "))
	}
	return fmt.Sprintf("The parameter %s was refused: %s.", e.Param, string(e.Kind))
}
