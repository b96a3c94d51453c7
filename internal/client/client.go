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
	"errors"
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
	c.http.Transport = transport{connections}
	c.ElastiCache = elasticache.New(elasticache.Options{
		BaseEndpoint: &endpoint, Region: region, HTTPClient: c.http,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return c.credentials, nil }),
	})
	return c, nil
}

// Error is what the control plane answered instead of a result.
type Error struct {
	Code    string `xml:"Error>Code"`
	Message string `xml:"Error>Message"`
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// IsCode reports whether err is an answer with that code.
func IsCode(err error, code string) bool {
	var answer *Error
	return errors.As(err, &answer) && answer.Code == code
}

// Access is what DescribeReplicationGroupAccess answers.
type Access struct {
	ReplicationGroupID string            `xml:"DescribeReplicationGroupAccessResult>ReplicationGroupId"`
	Status             string            `xml:"DescribeReplicationGroupAccessResult>Status"`
	StatusReason       string            `xml:"DescribeReplicationGroupAccessResult>StatusReason"`
	PasswordlessOpen   bool              `xml:"DescribeReplicationGroupAccessResult>PasswordlessOpen"`
	AutomaticFailover  bool              `xml:"DescribeReplicationGroupAccessResult>AutomaticFailover"`
	MultiAZ            bool              `xml:"DescribeReplicationGroupAccessResult>MultiAZ"`
	Failover           *Failover         `xml:"DescribeReplicationGroupAccessResult>Failover"`         // under way
	Rotation           *Rotation         `xml:"DescribeReplicationGroupAccessResult>Rotation"`         // under way
	LastRotation       *Rotation         `xml:"DescribeReplicationGroupAccessResult>LastRotation"`     // the newest that is over
	RotationSchedule   *RotationSchedule `xml:"DescribeReplicationGroupAccessResult>RotationSchedule"` // nil: none
	PrimaryEndpoint    string            `xml:"DescribeReplicationGroupAccessResult>PrimaryEndpoint"`
	ReaderEndpoint     string            `xml:"DescribeReplicationGroupAccessResult>ReaderEndpoint"`
	Credentials        []Credential      `xml:"DescribeReplicationGroupAccessResult>Credentials>member"`
	Nodes              []Node            `xml:"DescribeReplicationGroupAccessResult>Nodes>member"`
}

// Credential is one way into a group.
type Credential struct {
	Fingerprint string
	AddedAt     time.Time
}

// Node is one node of a group.
type Node struct {
	CacheClusterID string `xml:"CacheClusterId"`
	Role           string
	Status         string
	Address        string
	Zone           string
	BehindSince    *time.Time // a replica that is too late to be read; nil: it is not
}

// Access says which credentials a group accepts.
func (c *Client) Access(ctx context.Context, group string) (Access, error) {
	var access Access
	err := c.call(ctx, url.Values{"Action": {"DescribeReplicationGroupAccess"}, "ReplicationGroupId": {group}}, &access)
	return access, err
}

// call sends one request of aikagi's own.
func (c *Client) call(ctx context.Context, form url.Values, into any) error {
	form.Set("Version", "2015-02-02")
	body := []byte(form.Encode())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("call %s: %w", form.Get("Action"), err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	sum := sha256.Sum256(body)
	err = v4.NewSigner().SignHTTP(ctx, c.credentials, request, hex.EncodeToString(sum[:]), "elasticache", region, time.Now())
	if err != nil {
		return fmt.Errorf("sign %s: %w", form.Get("Action"), err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("call %s: %w", form.Get("Action"), err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, bodyMax))
	if err != nil {
		return fmt.Errorf("read answer of %s: %w", form.Get("Action"), err)
	}
	if response.StatusCode != http.StatusOK {
		answer := &Error{Code: response.Status}
		_ = xml.Unmarshal(text, answer) // what is not XML leaves the HTTP status
		return answer
	}
	if err := xml.Unmarshal(text, into); err != nil {
		return fmt.Errorf("read answer of %s: %w", form.Get("Action"), err)
	}
	return nil
}
