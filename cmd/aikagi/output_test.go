package main

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/doctor"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

var snakeCase = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// TestFieldsAreInSnakeCase walks what commands print with -o json: every field is called as
// docs/commands.md promises.
func TestFieldsAreInSnakeCase(t *testing.T) {
	t.Parallel()
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(of reflect.Type) {
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			walk(of.Elem())
			return
		case reflect.Struct:
		default:
			return
		}
		if seen[of] || of == reflect.TypeFor[time.Time]() {
			return
		}
		seen[of] = true
		for i := range of.NumField() {
			f := of.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !f.IsExported() || name == "-" {
				continue
			}
			if embedded := f.Anonymous && name == ""; !embedded && !snakeCase.MatchString(name) {
				t.Errorf("%s.%s is called %q", of, f.Name, name)
			}
			walk(f.Type)
		}
	}
	for _, printed := range []any{client.Group{}, own.Usage{}, own.Failover{}, own.Rotation{}, own.RotationSchedule{}, own.ConsoleLink{}, client.Event{}, doctor.Finding{}} {
		walk(reflect.TypeOf(printed))
	}
	if len(seen) < 8 {
		t.Errorf("only %d types were looked at", len(seen))
	}
}
