package act

import (
	"reflect"
	"slices"
)

// neutral are the values of parameters that aikagi does not honour, but that ask
// for just what it does anyway.
var neutral = map[string]string{
	"ClusterMode": "disabled", "AZMode": "single-az", "Durability": "default",
}

// Unhonoured are the parameters of an input that are set and not honoured. Off is off: false,
// zero and empty lists pass.
func Unhonoured(input any, honoured []string) []string {
	var names []string
	v := reflect.ValueOf(input).Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.IsExported() && !slices.Contains(honoured, field.Name) && asks(v.Field(i), neutral[field.Name]) {
			names = append(names, field.Name)
		}
	}
	return names
}

// asks reports whether a parameter asks for something else than what is done anyway.
func asks(value reflect.Value, neutral string) bool {
	if value.Kind() == reflect.Pointer && !value.IsNil() {
		value = value.Elem()
	}
	off := value.IsZero() || value.Kind() == reflect.Slice && value.Len() == 0
	return !off && (value.Kind() != reflect.String || value.String() != neutral)
}
