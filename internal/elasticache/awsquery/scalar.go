package awsquery

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

func fillScalar(dst reflect.Value, p *param) error {
	text := *p.value
	switch {
	case dst.Type() == timeType:
		return fillTime(dst, p.name, text)
	case dst.Kind() == reflect.String:
		return fillString(dst, p.name, text)
	case dst.Kind() == reflect.Bool:
		return fillBool(dst, p.name, text)
	case dst.CanInt():
		return fillInt(dst, p.name, text)
	}
	return fmt.Errorf("decode form: parameter %s has the unsupported type %s", p.name, dst.Type())
}

func fillString(dst reflect.Value, name, text string) error {
	if values := permitted(dst.Type()); values != nil && !slices.Contains(values, text) {
		err := refuse(NotPermitted, name)
		err.Permitted = values
		return err
	}
	dst.SetString(text)
	return nil
}

// fillBool takes any letter case, as AWS does: scripts send "True" as Python
// prints it.
func fillBool(dst reflect.Value, name, text string) error {
	isTrue := strings.EqualFold(text, "true")
	if !isTrue && !strings.EqualFold(text, "false") {
		return malformed(name, "a boolean (true or false)")
	}
	dst.SetBool(isTrue)
	return nil
}

func fillInt(dst reflect.Value, name, text string) error {
	n, err := strconv.ParseInt(text, 10, dst.Type().Bits())
	if err != nil {
		return malformed(name, fmt.Sprintf("an integer of %d bits", dst.Type().Bits()))
	}
	dst.SetInt(n)
	return nil
}

// fillTime takes ISO 8601 with a time zone and any fraction of a second.
func fillTime(dst reflect.Value, name, text string) error {
	t, err := time.Parse(time.RFC3339, text)
	if err == nil {
		t = t.UTC()
	}
	// A time zone can push the year out of the four digits that the format has.
	if err != nil || t.Year() < 1 || t.Year() > 9999 {
		return malformed(name, "an ISO 8601 timestamp such as 2015-02-02T00:00:00Z")
	}
	dst.Set(reflect.ValueOf(t))
	return nil
}

func malformed(name, want string) error {
	err := refuse(MalformedValue, name)
	err.Want = want
	return err
}
