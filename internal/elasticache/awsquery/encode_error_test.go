package awsquery_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"

	"github.com/aws/smithy-go"

	"github.com/aikagi/aikagi/internal/elasticache/awsquery"
)

// TestEncodeErrorRoundTrip gives every modelled error to every action of AWS's
// own client until one reads it as its Go type; each error belongs to some action.
func TestEncodeErrorRoundTrip(t *testing.T) {
	t.Parallel()
	const errorCount = 79 // in types/errors.go of the pinned version
	const message = "a <message> & more"
	inputs := decodedFixtures(t)
	shapes := errorTypes(t)
	ops := operations()
	if len(shapes) != errorCount {
		t.Fatalf("%d errors, want %d", len(shapes), errorCount)
	}
	for _, shape := range shapes {
		t.Run(shape, func(t *testing.T) {
			t.Parallel()
			e, ok := awsquery.LookupError(shape)
			if !ok {
				t.Fatal("not in the table")
			}
			var body bytes.Buffer
			if err := awsquery.EncodeError(&body, e.Code, message, e.Fault, "r1"); err != nil {
				t.Fatal(err)
			}
			client := newClient("http://127.0.0.1", roundTrip(func(*http.Request) (*http.Response, error) {
				return answer(e.HTTPStatus, body.Bytes()), nil
			}))
			for action, op := range ops {
				_, err := call(client, op, inputs[action])
				var api smithy.APIError
				if !errors.As(err, &api) || api.ErrorMessage() != message || api.ErrorCode() != e.Code {
					t.Fatalf("%s: got %v", action, err)
				}
				if reflect.TypeOf(api).Elem().Name() == shape {
					if (e.Fault == awsquery.Sender) != (api.ErrorFault() == smithy.FaultClient) {
						t.Errorf("table has %s, client says %s", e.Fault, api.ErrorFault())
					}
					return
				}
			}
			t.Error("no action of the client knows the code")
		})
	}
}

// errorTypes reads the names of the SDK's error types from its source.
func errorTypes(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(moduleDir(t), "types", "errors.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^type (\w+) struct`).FindAllSubmatch(source, -1) {
		names = append(names, string(m[1]))
	}
	return names
}

func decodedFixtures(t *testing.T) map[string]any {
	t.Helper()
	ops, inputs := operations(), map[string]any{}
	for action, body := range fixtures(t) {
		inputs[action] = newInput(ops[action])
		if err := awsquery.Decode(fixtureForm(t, body), inputs[action]); err != nil {
			t.Fatal(err)
		}
	}
	return inputs
}

func TestLookupErrorStatus(t *testing.T) {
	t.Parallel()
	for shape, status := range map[string]int{
		"ReplicationGroupNotFoundFault":       404,
		"CacheClusterNotFoundFault":           404,
		"UserGroupNotFoundFault":              404,
		"CacheSubnetGroupNotFoundFault":       400,
		"ServiceLinkedRoleNotFoundFault":      400,
		"ReservedCacheNodeAlreadyExistsFault": 404,
		"InvalidCredentialsException":         408,
		"InvalidReplicationGroupStateFault":   400,
		"InvalidParameterValueException":      400,
	} {
		if e, ok := awsquery.LookupError(shape); !ok || e.HTTPStatus != status {
			t.Errorf("%s: got %+v, want status %d", shape, e, status)
		}
	}
	if _, ok := awsquery.LookupError("NoSuchFault"); ok {
		t.Error("found an error that does not exist")
	}
}
