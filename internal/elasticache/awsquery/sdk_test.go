package awsquery_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/google/go-cmp/cmp"
)

const (
	sdkModule      = "github.com/aws/aws-sdk-go-v2/service/elasticache"
	operationCount = 77 // at the pinned version of the module
)

// operations finds the actions by the methods of the SDK's client.
func operations() map[string]reflect.Method {
	client := reflect.TypeFor[*elasticache.Client]()
	found := map[string]reflect.Method{}
	for i := range client.NumMethod() {
		m := client.Method(i)
		if m.Type.NumIn() == 4 && strings.HasSuffix(m.Type.In(2).String(), "."+m.Name+"Input") {
			found[m.Name] = m
		}
	}
	return found
}

func newInput(op reflect.Method) any  { return reflect.New(op.Type.In(2).Elem()).Interface() }
func newOutput(op reflect.Method) any { return reflect.New(op.Type.Out(0).Elem()).Interface() }

func call(client *elasticache.Client, op reflect.Method, input any) (any, error) {
	results := op.Func.Call([]reflect.Value{
		reflect.ValueOf(client), reflect.ValueOf(context.Background()), reflect.ValueOf(input),
	})
	err, _ := results[1].Interface().(error)
	return results[0].Interface(), err
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) Do(r *http.Request) (*http.Response, error) { return f(r) }

// offline fails every request that a client tries to send.
var offline = roundTrip(func(*http.Request) (*http.Response, error) { return nil, io.ErrClosedPipe })

func newClient(endpoint string, transport aws.HTTPClient) *elasticache.Client {
	return elasticache.New(elasticache.Options{
		Region:           "eu-central-1",
		BaseEndpoint:     aws.String(endpoint),
		HTTPClient:       transport,
		RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "not-a-secret"}, nil
		}),
	})
}

func answer(status int, body []byte) *http.Response {
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {"text/xml"}},
		Body:       io.NopCloser(bytes.NewReader(body)),
	}
}

// sentForm is what the SDK's client sends for an input.
func sentForm(tb testing.TB, op reflect.Method, input any) url.Values {
	tb.Helper()
	var body []byte
	client := newClient("http://127.0.0.1", roundTrip(func(r *http.Request) (*http.Response, error) {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		return answer(http.StatusTeapot, []byte("<ErrorResponse></ErrorResponse>")), nil
	}))
	_, err := call(client, op, input)
	if body == nil {
		tb.Fatalf("client did not send %s: %v", op.Name, err)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		tb.Fatal(err)
	}
	return form
}

func moduleDir(tb testing.TB) string {
	tb.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", sdkModule).Output()
	if err != nil {
		tb.Fatalf("find module: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// fixtures reads the bodies of the requests that AWS ships with the module, so
// that they are always those of the pinned version.
func fixtures(tb testing.TB) map[string]string {
	tb.Helper()
	paths, err := filepath.Glob(filepath.Join(moduleDir(tb), "request_snapshot", "*.request.snap"))
	if err != nil {
		tb.Fatal(err)
	}
	bodies := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		parts := strings.SplitN(string(text), "\n\n", 3)
		if len(parts) != 3 {
			tb.Fatalf("%s: not a request", path)
		}
		bodies[strings.TrimSuffix(filepath.Base(path), ".request.snap")] = parts[2]
	}
	if len(bodies) != operationCount {
		tb.Fatalf("%d request fixtures, want %d", len(bodies), operationCount)
	}
	return bodies
}

func fixtureForm(tb testing.TB, body string) url.Values {
	tb.Helper()
	form, err := url.ParseQuery(body)
	if err != nil {
		tb.Fatal(err)
	}
	return form
}

// diff compares SDK structs, which hold an unexported marker.
func diff(want, got any) string {
	return cmp.Diff(want, got, cmp.Exporter(func(reflect.Type) bool { return true }))
}
