package awsquery

import (
	"encoding"
	"encoding/xml"
	"fmt"
	"reflect"
	"strconv"
	"time"
)

// element is one element of an answer, with all that is in it.
type element struct {
	XMLName  xml.Name
	Text     string    `xml:",chardata"`
	Children []element `xml:",any"`
}

// DecodeAnswer reads what [Encode] wrote into a struct of the same type, which into points to. Members that the struct does
// not have are of a newer service, and ignored; those that the answer does not have stay as they are. An error names the
// member, and never quotes it.
func DecodeAnswer(text []byte, action string, into any) error {
	var answer element
	if err := xml.Unmarshal(text, &answer); err != nil {
		return fmt.Errorf("read answer of %s: %w", action, err)
	}
	for _, result := range answer.Children {
		if result.XMLName.Local != action+"Result" {
			continue
		}
		if err := result.readStruct(reflect.ValueOf(into).Elem()); err != nil {
			return fmt.Errorf("read answer of %s: %w", action, err)
		}
	}
	return nil
}

func (e *element) readStruct(dst reflect.Value) error {
	for i := range e.Children {
		child := &e.Children[i]
		field, ok := wireField(dst.Type(), child.XMLName.Local)
		if !ok {
			continue
		}
		if err := child.read(dst.FieldByIndex(field.Index)); err != nil {
			return fmt.Errorf("%s: %w", field.Name, err)
		}
	}
	return nil
}

func (e *element) read(dst reflect.Value) error {
	switch {
	case dst.Kind() == reflect.Pointer:
		dst.Set(reflect.New(dst.Type().Elem()))
		return e.read(dst.Elem())
	case dst.Kind() == reflect.Slice:
		return e.readList(dst)
	case dst.Kind() == reflect.Struct && dst.Type() != timeType:
		return e.readStruct(dst)
	}
	return readText(dst, e.Text)
}

// readList leaves a list without items nil, as one that is absent.
func (e *element) readList(dst reflect.Value) error {
	for i := range e.Children {
		item := reflect.New(dst.Type().Elem()).Elem()
		if err := e.Children[i].read(item); err != nil {
			return err
		}
		dst.Set(reflect.Append(dst, item))
	}
	return nil
}

// readText reads a value. An enum may be one that only a newer service knows.
func readText(dst reflect.Value, text string) (err error) {
	var number int64
	var isTrue bool
	var at time.Time
	own, isOwn := dst.Addr().Interface().(encoding.TextUnmarshaler)
	switch {
	case dst.Type() == timeType:
		at, err = time.Parse(time.RFC3339, text)
		dst.Set(reflect.ValueOf(at))
	case isOwn:
		err = own.UnmarshalText([]byte(text))
	case dst.Kind() == reflect.String:
		dst.SetString(text)
	case dst.Kind() == reflect.Bool:
		isTrue, err = strconv.ParseBool(text)
		dst.SetBool(isTrue)
	case dst.CanInt():
		number, err = strconv.ParseInt(text, 10, dst.Type().Bits())
		dst.SetInt(number)
	default:
		return fmt.Errorf("unsupported type %s", dst.Type())
	}
	if err != nil {
		return fmt.Errorf("not a value of type %s", dst.Type())
	}
	return nil
}
