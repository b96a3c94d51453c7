package ec2

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/aikagi/aikagi/internal/circuit"
)

// How much a call may take.
const (
	tryTimeout  = 5 * time.Second  // of one attempt
	callTimeout = 12 * time.Second // of all attempts at one page of an answer
	triesMax    = 3
	answerMax   = 32 << 20 // bytes of one page
	pagesMax    = 100      // of one answer
)

// retryAfter is the pause before the second attempt; it grows fourfold.
const retryAfter = 200 * time.Millisecond

// How long calls are kept back after a failure: at first, and at most.
const (
	restFirst = 500 * time.Millisecond
	restMax   = 30 * time.Second
)

// Options say which API is asked, and as whom.
type Options struct {
	Endpoint    string                  // see [CheckEndpoint]
	Region      string                  // that requests are signed for
	Credentials aws.CredentialsProvider // nil: those of the default chain of the AWS SDKs
	Now         func() time.Time        // nil: time.Now
}

// Client asks an EC2 API. It is safe for concurrent use, and opens nothing that has to be closed.
type Client struct {
	options Options
	circuit circuit.Breaker

	mu     sync.Mutex // guards loaded; held while the configuration is read
	loaded *aws.Config
}

// New makes a client. It asks nothing yet.
func New(options Options) *Client {
	if options.Now == nil {
		options.Now = time.Now
	}
	return &Client{options: options, circuit: circuit.Breaker{First: restFirst, Longest: restMax, Trial: callTimeout}}
}

// CheckEndpoint refuses what is not the URL of an API of AWS's, this one or another.
func CheckEndpoint(endpoint string) error {
	u, err := url.Parse(endpoint)
	switch {
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Host == "", u.RawQuery != "", u.Fragment != "":
		return errors.New("want a URL like https://SERVICE.eu-central-1.amazonaws.com or http://127.0.0.1:5000")
	case u.User != nil: // it would be in logs, and in the arguments of the process
		return errors.New("the URL must not have a name or a password: credentials are those of the AWS configuration")
	}
	return nil
}

// configuration is that of the AWS SDKs. It is read anew after it was of no use: credentials are renewed in files.
func (c *Client) configuration(ctx context.Context) (*aws.Config, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.loaded != nil {
		return c.loaded, nil
	}
	loaded, err := config.LoadDefaultConfig(ctx, config.WithRegion(c.options.Region))
	if err != nil {
		return nil, fmt.Errorf("the AWS configuration of the server cannot be read: %s", plain(err.Error()))
	}
	if c.options.Credentials != nil {
		loaded.Credentials = c.options.Credentials
	}
	c.loaded = &loaded
	return c.loaded, nil
}

func (c *Client) forgetConfiguration() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loaded = nil
}

// paged is a page of an answer: its token leads to the next page.
type paged interface{ next() string }

// each asks for all pages of an answer, and hands them out.
func each[P any, A interface {
	*P
	paged
}](ctx context.Context, c *Client, action string, parameters url.Values, take func(A)) error {
	for range pagesMax {
		page := A(new(P))
		if err := c.call(ctx, action, parameters, page); err != nil {
			return err
		}
		take(page)
		token := page.next()
		if token == "" {
			return nil
		}
		parameters.Set("NextToken", token)
	}
	return &Error{Action: action, Message: fmt.Sprintf("the answer has more than %d pages", pagesMax)}
}

// call asks for one page. While the circuit is open it fails at once.
func (c *Client) call(ctx context.Context, action string, parameters url.Values, answer any) error {
	if err := c.circuit.Admit(c.options.Now()); err != nil {
		return err
	}
	err := c.insist(ctx, action, parameters, answer)
	switch {
	case err == nil, isAboutOne(err): // that something is not there, or may not be read, is an answer
		c.circuit.Note(nil, c.options.Now())
	case ctx.Err() == nil: // who gave up waiting says nothing about the API
		c.circuit.Note(err, c.options.Now())
	}
	return err
}

// insist tries again after failures that may pass.
func (c *Client) insist(ctx context.Context, action string, parameters url.Values, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	pause := retryAfter
	for tries := 1; ; tries++ {
		err := c.try(ctx, action, parameters, answer)
		var failed *Error
		if err == nil || tries == triesMax || !errors.As(err, &failed) || !failed.passing {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
			pause *= 4
		}
	}
}

// rootOf is the name of the outermost element: whatever else is XML, like a page that says that there is maintenance, would pass for an
// answer in which there is nothing.
func rootOf(body []byte) string {
	for document := xml.NewDecoder(bytes.NewReader(body)); ; {
		token, err := document.Token()
		if err != nil {
			return ""
		}
		if element, is := token.(xml.StartElement); is {
			return element.Name.Local
		}
	}
}

func (c *Client) try(ctx context.Context, action string, parameters url.Values, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	settings, err := c.configuration(ctx)
	if err != nil {
		return &Error{Action: action, Message: err.Error()}
	}
	request, secrets, err := c.request(ctx, settings, action, parameters)
	if err != nil {
		c.forgetConfiguration()
		return &Error{Action: action, Message: err.Error()}
	}
	response, err := settings.HTTPClient.Do(request)
	if err != nil {
		return &Error{Action: action, Message: reason(err), passing: true}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, answerMax+1))
	switch {
	case err != nil:
		return &Error{Action: action, Message: reason(err), passing: true}
	case len(body) > answerMax:
		return &Error{Action: action, Message: fmt.Sprintf("the answer is larger than %d bytes", answerMax)}
	case response.StatusCode != http.StatusOK:
		c.forgetConfiguration()
		return refusal(action, response.StatusCode, body, secrets)
	}
	if rootOf(body) != action+"Response" || xml.Unmarshal(body, answer) != nil {
		return &Error{Action: action, Message: "the answer cannot be read: is this the endpoint of an EC2 API?"}
	}
	return nil
}
