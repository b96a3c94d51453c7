package awsquery_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/elasticache/awsquery"
)

// TestEncodeRoundTrip serves every Output struct, filled in three ways, to AWS's own
// client, which must read the same struct.
func TestEncodeRoundTrip(t *testing.T) {
	t.Parallel()
	ops, bodies := operations(), fixtures(t)
	if len(ops) != operationCount {
		t.Fatalf("%d operations, want %d", len(ops), operationCount)
	}
	for action, op := range ops {
		for items := range 3 {
			t.Run(fmt.Sprintf("%s/%d items", action, items), func(t *testing.T) {
				t.Parallel()
				input := newInput(op)
				if err := awsquery.Decode(fixtureForm(t, bodies[action]), input); err != nil {
					t.Fatal(err)
				}
				want := newOutput(op)
				(&filler{items: items}).fill(reflect.ValueOf(want).Elem())
				got, err := call(newClient("http://127.0.0.1", serving(t, action, want)), op, input)
				if err != nil {
					t.Fatal(err)
				}
				reflect.ValueOf(got).Elem().FieldByName("ResultMetadata").SetZero()
				if d := diff(want, got); d != "" {
					t.Error(d)
				}
			})
		}
	}
}

// serving is a server that has an answer for one action. It is called without a network, whose connections are not what is tested.
func serving(t *testing.T, action string, output any) roundTrip {
	return func(r *http.Request) (*http.Response, error) {
		answer := httptest.NewRecorder()
		if err := r.ParseForm(); err != nil || r.PostForm.Get("Action") != action {
			http.Error(answer, "other action", http.StatusBadRequest)
		} else if err := awsquery.Encode(answer, action, output, "request-1"); err != nil {
			t.Error(err)
		}
		return answer.Result(), nil
	}
}

// filler sets every field of a struct to something that differs from its
// neighbours and is awkward to write in XML. Lists get the given number of items.
type filler struct {
	items int
	n     int
}

func (f *filler) fill(v reflect.Value) {
	f.n++
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		at := time.Date(2015, 2, 2, 0, 0, f.n, f.n%1000*int(time.Millisecond), time.UTC)
		v.Set(reflect.ValueOf(at))
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), f.items, f.items))
		for i := range f.items {
			f.fill(v.Index(i))
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; v.Type().Field(i).IsExported() && name != "ResultMetadata" {
				f.fill(v.Field(i))
			}
		}
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprintf(" <%d> & 'ключ' \"合鍵\"\r\n\t]]> ", f.n))
	case v.Kind() == reflect.Bool:
		v.SetBool(f.n%2 == 0)
	case v.CanInt():
		v.SetInt(-int64(f.n))
	case v.CanFloat():
		v.SetFloat(float64(f.n) / 3e7)
	default:
		panic("unexpected type " + v.Type().String())
	}
}
