// Package client is how aikagi's own commands talk to a control plane: the AWS SDK
// for the actions of the original, and one signed request for those of aikagi.
package client

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/datadir"
)

const (
	region  = "us-east-1"
	timeout = 30 * time.Second
	bodyMax = 16 << 20
)

// Client talks to one control plane.
type Client struct {
	ElastiCache *elasticache.Client // for the actions of the original

	endpoint    string
	credentials aws.Credentials
	http        *http.Client
}

// New makes a client that signs with the access key of a data directory and trusts
// its CA.
func New(endpoint, dataDir string) (*Client, error) {
	key, err := datadir.ReadAccessKey(dataDir)
	if err != nil {
		return nil, err
	}
	c := &Client{
		endpoint:    endpoint,
		credentials: aws.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Reveal()},
		http:        &http.Client{Timeout: timeout},
	}
	connections := &http.Transport{}
	if pem, err := os.ReadFile(datadir.AuthorityPath(dataDir)); err == nil {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		pool.AppendCertsFromPEM(pem)
		connections.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	c.http.Transport = &transport{RoundTripper: connections, endpoint: endpoint}
	c.ElastiCache = elasticache.New(elasticache.Options{
		BaseEndpoint: &endpoint, Region: region, HTTPClient: c.http,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return c.credentials, nil }),
	})
	return c, nil
}

// call sends one request of aikagi's own, and returns the answer's text.
func (c *Client) call(ctx context.Context, form url.Values) ([]byte, error) {
	form.Set("Version", "2015-02-02")
	body := []byte(form.Encode())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", form.Get("Action"), err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	sum := sha256.Sum256(body)
	err = v4.NewSigner().SignHTTP(ctx, c.credentials, request, hex.EncodeToString(sum[:]), "elasticache", region, time.Now())
	if err != nil {
		return nil, fmt.Errorf("sign %s: %w", form.Get("Action"), err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", form.Get("Action"), err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, bodyMax))
	if err != nil {
		return nil, fmt.Errorf("read answer of %s: %w", form.Get("Action"), err)
	}
	if response.StatusCode != http.StatusOK {
		answer := &Error{Code: response.Status, ServerVersion: response.Header.Get(VersionHeader)}
		_ = xml.Unmarshal(text, answer) // what is not XML leaves the HTTP status
		return nil, answer
	}
	return text, nil
}
