package awsquery

import (
	"fmt"
	"io"
	"reflect"
	"time"
)

// ElastiCacheNamespace is the XML namespace of ElastiCache's answers.
const ElastiCacheNamespace = "http://elasticache.amazonaws.com/doc/2015-02-02/"

// STSNamespace is the XML namespace of the Security Token Service, whose
// GetCallerIdentity many clients call before anything else.
const STSNamespace = "https://sts.amazonaws.com/doc/2011-06-15/"

// Option changes how an answer is written.
type Option func(*envelope)

// WithNamespace writes the answer of another service than ElastiCache.
func WithNamespace(uri string) Option {
	return func(e *envelope) { e.namespace = uri }
}

type envelope struct {
	namespace string
}

func newEnvelope(opts []Option) envelope {
	e := envelope{namespace: ElastiCacheNamespace}
	for _, opt := range opts {
		opt(&e)
	}
	return e
}

// Encode writes the answer to an action: the members of output, which is an
// Output struct of the SDK or a struct of ours (or a pointer to one, or nil for
// an action that answers nothing), in the order of the struct. The action names
// elements, so it must be one that the caller knows, not what a client sent.
//
// A nil pointer, a nil list and an empty enum value are left out, except that a
// list at the top is always written: boto3 has no key for a list that it did
// not see. So is a zero value if the field is tagged query:"omitempty". Times are
// ISO 8601 in UTC with milliseconds, or if the field is tagged query:"microseconds"
// with those. An error means that output holds a type the protocol cannot carry,
// or that w failed; in the first case nothing was written.
func Encode(w io.Writer, action string, output any, requestID string, opts ...Option) error {
	e := newEnvelope(opts)
	var doc document
	doc.openNamespace(action+"Response", e.namespace)
	if !bareResults[action] {
		doc.open(action + "Result")
		if err := doc.output(output); err != nil {
			return fmt.Errorf("encode answer of %s: %w", action, err)
		}
		doc.close(action + "Result")
	}
	doc.open("ResponseMetadata")
	doc.element("RequestId", requestID)
	doc.close("ResponseMetadata")
	doc.close(action + "Response")
	if err := doc.writeTo(w); err != nil {
		return fmt.Errorf("write answer of %s: %w", action, err)
	}
	return nil
}

func (d *document) output(output any) error {
	v := reflect.ValueOf(output)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Invalid:
		return nil
	case reflect.Struct:
		return d.members(v, true)
	}
	return fmt.Errorf("%T is not a struct", output)
}

func (d *document) members(v reflect.Value, top bool) error {
	for field := range wireFields(v.Type()) {
		member := v.FieldByIndex(field.Index)
		emptyList := top && member.Kind() == reflect.Slice
		if isAbsent(field, member) && !emptyList {
			continue
		}
		if tagged(field, "microseconds") {
			d.element(field.Name, member.Interface().(time.Time).UTC().Format(microseconds))
			continue
		}
		if err := d.value(field.Name, memberName(v.Type(), field), member); err != nil {
			return fmt.Errorf("%s: %w", field.Name, err)
		}
	}
	return nil
}

// isAbsent tells a member that was not set from one that is empty. The SDK's
// enums are plain strings, so that an empty one can only mean absent.
func isAbsent(field reflect.StructField, v reflect.Value) bool {
	if tagged(field, "omitempty") {
		at, isTime := v.Interface().(time.Time)
		return v.IsZero() || isTime && at.IsZero()
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0 && v.Type() != reflect.TypeFor[string]()
	}
	return false
}

// value writes one element; member is what the items are called if v is a list.
func (d *document) value(name, member string, v reflect.Value) error {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return fmt.Errorf("nil in a list of %s", v.Type())
		}
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.Slice:
		return d.list(name, member, v)
	case v.Kind() == reflect.Struct && v.Type() != timeType:
		d.open(name)
		defer d.close(name)
		return d.members(v, false)
	}
	text, err := scalarText(v)
	if err != nil {
		return err
	}
	d.element(name, text)
	return nil
}

func (d *document) list(name, member string, v reflect.Value) error {
	d.open(name)
	for i := range v.Len() {
		if err := d.value(member, defaultMember, v.Index(i)); err != nil {
			return err
		}
	}
	d.close(name)
	return nil
}
