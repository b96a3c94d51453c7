package awsquery

import (
	"fmt"
	"net/url"
	"reflect"
	"time"
)

// EncodeForm is the form that [Decode] reads into the same struct: the members of input that are set. Times have all of
// their digits. Who sends it adds Action and Version. The error means that input has a structure, or a list of others than texts, which no input
// of ours has.
func EncodeForm(input any) (url.Values, error) {
	form := url.Values{}
	v := reflect.Indirect(reflect.ValueOf(input))
	for field := range wireFields(v.Type()) {
		member := v.FieldByIndex(field.Index)
		if isAbsent(field, member) {
			continue
		}
		if list, is := member.Interface().([]string); is {
			for i, item := range list {
				form.Set(fmt.Sprintf("%s.%s.%d", field.Name, defaultMember, i+1), item)
			}
			continue
		}
		text, err := formText(reflect.Indirect(member))
		if err != nil {
			return nil, fmt.Errorf("encode form: %s: %w", field.Name, err)
		}
		form.Set(field.Name, text)
	}
	return form, nil
}

func formText(v reflect.Value) (string, error) {
	if at, ok := v.Interface().(time.Time); ok {
		return at.UTC().Format(time.RFC3339Nano), nil
	}
	return scalarText(v)
}
