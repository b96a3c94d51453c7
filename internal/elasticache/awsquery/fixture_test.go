package awsquery_test

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/elasticache/awsquery"
)

// TestDecodeFixtures decodes each of AWS's own requests and lets AWS's own
// client send the result: the form must come out as it went in.
func TestDecodeFixtures(t *testing.T) {
	t.Parallel()
	ops := operations()
	if len(ops) != operationCount {
		t.Fatalf("client has %d operations, want %d", len(ops), operationCount)
	}
	for action, body := range fixtures(t) {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			form := fixtureForm(t, body)
			input := newInput(ops[action])
			if err := awsquery.Decode(form, input); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(form, sentForm(t, ops[action], input)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestDecodeDefaultMember sends every list with the protocol's own member name.
func TestDecodeDefaultMember(t *testing.T) {
	t.Parallel()
	ops, renamed := operations(), 0
	for action, body := range fixtures(t) {
		form := fixtureForm(t, body)
		alias := url.Values{}
		for name, values := range form {
			alias[defaultMembers(name)] = values
			if defaultMembers(name) != name {
				renamed++
			}
		}
		want, got := newInput(ops[action]), newInput(ops[action])
		if err := errors.Join(awsquery.Decode(form, want), awsquery.Decode(alias, got)); err != nil {
			t.Fatalf("%s: %v", action, err)
		}
		if d := diff(want, got); d != "" {
			t.Errorf("%s: %s", action, d)
		}
	}
	if renamed == 0 {
		t.Error("no fixture has a list with a member name of its own")
	}
}

// defaultMembers puts "member" before every index in a name.
func defaultMembers(name string) string {
	parts := strings.Split(name, ".")
	for i := range parts {
		if i > 0 && parts[i] != "" && parts[i][0] >= '0' && parts[i][0] <= '9' {
			parts[i-1] = "member"
		}
	}
	return strings.Join(parts, ".")
}

// TestDecodeRequiredLikeClient takes each top-level member out of each request
// in turn. Decode must refuse exactly what AWS's client refuses to send.
func TestDecodeRequiredLikeClient(t *testing.T) {
	t.Parallel()
	const requiredCount = 99 // at the top of the requests of the pinned version
	ops, refused := operations(), 0
	for action, body := range fixtures(t) {
		form := fixtureForm(t, body)
		whole := newInput(ops[action])
		if err := awsquery.Decode(form, whole); err != nil {
			t.Fatalf("%s: %v", action, err)
		}
		v := reflect.ValueOf(whole).Elem()
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; v.Type().Field(i).IsExported() {
				without := reflect.New(v.Type())
				without.Elem().Set(v)
				without.Elem().Field(i).SetZero()
				_, err := call(newClient("http://127.0.0.1:1", offline), ops[action], without.Interface())
				want := errors.As(err, new(smithy.InvalidParamsError))
				checkMissing(t, formWithout(form, name), newInput(ops[action]), name, want)
				if want {
					refused++
				}
			}
		}
	}
	if refused != requiredCount {
		t.Errorf("%d required members found, want %d", refused, requiredCount)
	}
}

func checkMissing(t *testing.T, form url.Values, into any, name string, missing bool) {
	t.Helper()
	err := awsquery.Decode(form, into)
	if !missing && err != nil {
		t.Errorf("%T without %s: %v", into, name, err)
	}
	var pe *awsquery.ParamError
	if missing && (!errors.As(err, &pe) || pe.Kind != awsquery.MissingParameter || pe.Param != name) {
		t.Errorf("%T without %s: got %v", into, name, err)
	}
}

func formWithout(form url.Values, name string) url.Values {
	rest := url.Values{}
	for key, values := range form {
		if key != name && !strings.HasPrefix(key, name+".") {
			rest[key] = values
		}
	}
	return rest
}
