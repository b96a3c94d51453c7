package sigv4_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/smithy-go"

	"github.com/aikagi/aikagi/internal/elasticache/awsquery"
	"github.com/aikagi/aikagi/internal/elasticache/sigv4"
)

// clientTimeout is for a client that hangs; a cold AWS CLI takes seconds.
const clientTimeout = 2 * time.Minute

// gate is a server that answers every action with an empty result to whoever
// signs correctly, and notes who that was.
type gate struct {
	mu   sync.Mutex // guards seen
	seen []sigv4.Identity
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "read body", http.StatusBadRequest)
		return
	}
	id, err := verifier().Verify(r, body, time.Now())
	var refused *sigv4.Error
	if errors.As(err, &refused) {
		w.WriteHeader(refused.HTTPStatus)
		_ = awsquery.EncodeError(w, refused.Code, refused.Message, awsquery.Sender, "r1")
		return
	}
	g.mu.Lock()
	g.seen = append(g.seen, id)
	g.mu.Unlock()
	action := "DescribeEvents"
	if bytes.Contains(body, []byte("GetCallerIdentity")) {
		action = "GetCallerIdentity"
	}
	_ = awsquery.Encode(w, action, nil, "r1")
}

func (g *gate) count(service string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for _, id := range g.seen {
		if id == (sigv4.Identity{AccessKeyID: accessKeyID, Region: region, Service: service}) {
			n++
		}
	}
	return n
}

func startGate(t *testing.T) (*gate, string) {
	t.Helper()
	g := &gate{}
	srv := httptest.NewServer(g)
	t.Cleanup(srv.Close)
	return g, srv.URL
}

func TestClientGoSDK(t *testing.T) {
	t.Parallel()
	g, endpoint := startGate(t)
	describe := func(key string) error {
		client := elasticache.New(elasticache.Options{
			Region:       region,
			BaseEndpoint: &endpoint,
			Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{AccessKeyID: accessKeyID, SecretAccessKey: key}, nil
			}),
			RetryMaxAttempts: 1,
		})
		_, err := client.DescribeEvents(context.Background(), &elasticache.DescribeEventsInput{Marker: aws.String("a b+c/é~")})
		return err
	}
	if err := describe(secret); err != nil || g.count("elasticache") != 1 {
		t.Errorf("right secret: %v, %d calls seen", err, g.count("elasticache"))
	}
	var api smithy.APIError
	if err := describe("wrong"); !errors.As(err, &api) || api.ErrorCode() != "SignatureDoesNotMatch" {
		t.Errorf("wrong secret: %v", err)
	}
	t.Log("ran: AWS SDK for Go v2")
}

func TestClientCLI(t *testing.T) {
	t.Parallel()
	g, endpoint := startGate(t)
	version := clientVersion(t, "aws", "--version")
	for _, command := range [][]string{
		{"elasticache", "describe-events", "--source-identifier", "a b+c/é~"},
		{"sts", "get-caller-identity"},
	} {
		args := append(command, "--endpoint-url", endpoint, "--output", "json")
		if out, err := runClient(t, secret, "aws", args...); err != nil || g.count(command[0]) != 1 {
			t.Errorf("%v: %v, %d calls seen: %s", command, err, g.count(command[0]), out)
		}
		out, err := runClient(t, "wrong", "aws", args...)
		if err == nil || !strings.Contains(out, "SignatureDoesNotMatch") {
			t.Errorf("%v with a wrong secret: %v: %s", command, err, out)
		}
	}
	t.Log("ran:", version)
}

// boto3Script calls both services and prints the code of the error, if any.
const boto3Script = `
import sys, boto3, botocore.exceptions
for service, call in (("elasticache", "describe_events"), ("sts", "get_caller_identity")):
    try:
        getattr(boto3.client(service, endpoint_url=sys.argv[1]), call)()
        print(service, "accepted")
    except botocore.exceptions.ClientError as e:
        print(service, e.response["Error"]["Code"], e.response["ResponseMetadata"]["HTTPStatusCode"])
`

func TestClientBoto3(t *testing.T) {
	t.Parallel()
	g, endpoint := startGate(t)
	version := clientVersion(t, "python3", "-c", "import boto3; print('boto3', boto3.__version__)")
	for key, want := range map[string]string{
		secret:  "elasticache accepted\nsts accepted\n",
		"wrong": "elasticache SignatureDoesNotMatch 403\nsts SignatureDoesNotMatch 403\n",
	} {
		if out, err := runClient(t, key, "python3", "-c", boto3Script, endpoint); err != nil || out != want {
			t.Errorf("got %v and %q, want %q", err, out, want)
		}
	}
	if e, s := g.count("elasticache"), g.count("sts"); e != 1 || s != 1 {
		t.Errorf("%d calls of elasticache and %d of sts seen, want one each", e, s)
	}
	t.Log("ran:", version)
}

// clientVersion skips the test if the client is not installed.
func clientVersion(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := runClient(t, secret, name, args...)
	if err != nil {
		t.Skipf("did not run: %s is not installed: %v", name, err)
	}
	return strings.TrimSpace(out)
}

// runClient runs a client with nothing but the given credentials and gives what
// it printed, errors included.
func runClient(t *testing.T, key, name string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), clientTimeout)
	defer cancel()
	absent := filepath.Join(t.TempDir(), "absent")
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_") }),
		"AWS_ACCESS_KEY_ID="+accessKeyID, "AWS_SECRET_ACCESS_KEY="+key, "AWS_DEFAULT_REGION="+region,
		"AWS_CONFIG_FILE="+absent, "AWS_SHARED_CREDENTIALS_FILE="+absent,
		"AWS_MAX_ATTEMPTS=1", "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "NO_PROXY=127.0.0.1",
	)
	out, err := cmd.CombinedOutput()
	return string(out), err
}
