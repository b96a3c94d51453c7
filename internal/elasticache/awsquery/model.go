package awsquery

import (
	"iter"
	"reflect"
	"time"
)

// sdkPackage holds the Input and Output structs; its types package holds the rest.
const sdkPackage = "github.com/aws/aws-sdk-go-v2/service/elasticache"

// defaultMember is what the protocol calls a list's items unless the model says
// otherwise.
const defaultMember = "member"

var timeType = reflect.TypeFor[time.Time]()

// modelName is the name of an AWS struct in the generated tables, and "" for
// every other type: a struct of ours that happens to share a name is not AWS's.
func modelName(t reflect.Type) string {
	if path := t.PkgPath(); path == sdkPackage || path == sdkPackage+"/types" {
		return t.Name()
	}
	return ""
}

// memberName is what the items are called if the given field of t is a list.
func memberName(t reflect.Type, field reflect.StructField) string {
	if field.Type.Kind() == reflect.Slice {
		if name, ok := listMembers[modelName(t)+"."+field.Name]; ok {
			return name
		}
	}
	return defaultMember
}

// wireField is the field that a name on the wire stands for.
func wireField(t reflect.Type, name string) (reflect.StructField, bool) {
	f, ok := t.FieldByName(name)
	return f, ok && onWire(f) && len(f.Index) == 1
}

// wireFields are the fields of a struct that travel, in the order of declaration.
func wireFields(t reflect.Type) iter.Seq[reflect.StructField] {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if f := t.Field(i); onWire(f) && !yield(f) {
				return
			}
		}
	}
}

// onWire is false for what the SDK adds to its structs for its own use.
func onWire(f reflect.StructField) bool {
	return f.IsExported() && !f.Anonymous && f.Name != "ResultMetadata"
}

// tagged reports whether a field of ours asks for something in its tag, as in `query:"omitempty"`.
func tagged(f reflect.StructField, option string) bool { return f.Tag.Get("query") == option }

// permitted lists the values of an enum of the SDK, which gives them away in a
// method Values; nil means that any text will do.
func permitted(t reflect.Type) []string {
	m := reflect.Zero(t).MethodByName("Values")
	if !m.IsValid() {
		return nil
	}
	if mt := m.Type(); mt.NumIn() != 0 || mt.NumOut() != 1 || mt.Out(0) != reflect.SliceOf(t) {
		return nil
	}
	values := m.Call(nil)[0]
	names := make([]string, values.Len())
	for i := range names {
		names[i] = values.Index(i).String()
	}
	return names
}
