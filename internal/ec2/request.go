package ec2

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// apiVersion is that of the shapes in this package.
const apiVersion = "2016-11-15"

// request makes a signed request of the AWS Query protocol. It returns what must not be shown of what the answer may quote.
//
// Source: Amazon EC2 Developer Guide, "Low-level API requests"; IAM User Guide, "AWS Signature Version 4 for API requests".
func (c *Client) request(ctx context.Context, settings *aws.Config, action string, parameters url.Values) (*http.Request, []string, error) {
	form := url.Values{"Action": {action}, "Version": {apiVersion}}
	for name, values := range parameters {
		form[name] = values
	}
	body := form.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.options.Endpoint, strings.NewReader(body))
	if err != nil {
		return nil, nil, fmt.Errorf("make a request: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	if settings.Credentials == nil {
		return nil, nil, errNoCredentials
	}
	credentials, err := settings.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %s", errNoCredentials, plain(err.Error()))
	}
	hash := sha256.Sum256([]byte(body))
	if err := v4.NewSigner().SignHTTP(ctx, credentials, request, hex.EncodeToString(hash[:]), "ec2", c.options.Region, c.options.Now()); err != nil {
		return nil, nil, fmt.Errorf("sign a request: %w", err)
	}
	return request, []string{credentials.SecretAccessKey, credentials.SessionToken}, nil
}

var errNoCredentials = errors.New("the AWS configuration of the server has no credentials that work; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, for it")

// filtered are the parameters of a call that is about those things which have one of these values.
func filtered(name string, values []string) url.Values {
	parameters := url.Values{"Filter.1.Name": {name}, "MaxResults": {strconv.Itoa(pageSize)}}
	for i, value := range values {
		parameters.Set("Filter.1.Value."+strconv.Itoa(i+1), value)
	}
	return parameters
}
