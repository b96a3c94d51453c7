package ec2

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Error is why there is no answer. Its text is for people, fits on a line and holds no secret.
type Error struct {
	Action  string
	Code    string // EC2's; empty: it did not say
	Message string

	passing bool // to ask again soon may help
}

func (e *Error) Error() string {
	if e.Code == "" {
		return e.Action + ": " + e.Message
	}
	return e.Action + ": " + e.Code + ": " + e.Message
}

// codePrefixListGone is EC2's code for a prefix list that is not there.
const codePrefixListGone = "InvalidPrefixListID.NotFound"

// isCode reports whether EC2 said that code.
func isCode(err error, code string) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

// isAboutOne reports whether EC2 has answered, and refuses what it was asked for, but not everything.
//
// Source: Amazon EC2 Developer Guide, "Error codes".
func isAboutOne(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Code == "UnauthorizedOperation" || strings.HasPrefix(e.Code, "InvalidPrefixListI"))
}

// passingCodes are those of too many calls, beside the statuses of 500 and above.
//
// Source: Amazon EC2 Developer Guide, "Error codes", and "Request throttling".
var passingCodes = map[string]bool{"RequestLimitExceeded": true, "Throttling": true, "ThrottlingException": true, "EC2ThrottledException": true}

// refusal reads an answer that is an error. The message of one about a signature quotes the request, so nothing behind its first
// line is kept, and no secret.
func refusal(action string, status int, body []byte, secrets []string) *Error {
	var said struct {
		Errors []struct{ Code, Message string } `xml:"Errors>Error"`
	}
	e := &Error{Action: action, Message: fmt.Sprintf("HTTP status %d", status)}
	if xml.Unmarshal(body, &said) == nil && len(said.Errors) > 0 {
		text := said.Errors[0].Message
		for _, secret := range secrets {
			if secret != "" {
				text = strings.ReplaceAll(text, secret, "***")
			}
		}
		e.Code, e.Message = plain(said.Errors[0].Code), cmp.Or(plain(text), e.Message)
	}
	e.passing = status >= http.StatusInternalServerError || status == http.StatusTooManyRequests || passingCodes[e.Code]
	return e
}

// reason is why a request could not be sent or answered, without the URL, which is said elsewhere.
func reason(err error) string {
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err
	}
	return plain(err.Error())
}

// plain is the first line of a text from elsewhere, as far as it can be shown.
func plain(text string) string {
	const longest = 200
	text, _, _ = strings.Cut(text, "\n")
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, strings.TrimSpace(text))
	if len(text) > longest {
		text = text[:longest] + "..."
	}
	return text
}
