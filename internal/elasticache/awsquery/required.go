package awsquery

import (
	"reflect"
	"strconv"
)

// checkRequired reports the first required member that is absent, in v itself
// or in any structure within it, as the SDK's client would before it sends the
// request. An empty list is present; an empty enum value is not.
func checkRequired(v reflect.Value, prefix string) error {
	for _, name := range required[modelName(v.Type())] {
		if v.FieldByName(name).IsZero() {
			return refuse(MissingParameter, prefix+name)
		}
	}
	for field := range wireFields(v.Type()) {
		if err := checkNested(v, field, prefix+field.Name); err != nil {
			return err
		}
	}
	return nil
}

func checkNested(parent reflect.Value, field reflect.StructField, name string) error {
	v := parent.FieldByIndex(field.Index)
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		member := memberName(parent.Type(), field)
		for i := range v.Len() {
			if err := checkRequired(v.Index(i), name+"."+member+"."+strconv.Itoa(i+1)+"."); err != nil {
				return err
			}
		}
	case v.Kind() == reflect.Struct && v.Type() != timeType:
		return checkRequired(v, name+".")
	}
	return nil
}
