package awsquery

import (
	"bytes"
	"encoding"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"time"
)

// timestamp is ISO 8601 with milliseconds, as ElastiCache writes its times.
const timestamp = "2006-01-02T15:04:05.000Z"

// microseconds is the same with more digits.
const microseconds = "2006-01-02T15:04:05.000000Z"

// document is an XML document in the making. Nothing reaches the client before
// it is complete.
type document struct {
	buf bytes.Buffer
}

func (d *document) open(name string) {
	d.buf.WriteByte('<')
	d.buf.WriteString(name)
	d.buf.WriteByte('>')
}

func (d *document) openNamespace(name, uri string) {
	d.buf.WriteByte('<')
	d.buf.WriteString(name)
	d.buf.WriteString(` xmlns="`)
	d.text(uri)
	d.buf.WriteString(`">`)
}

func (d *document) close(name string) {
	d.buf.WriteString("</")
	d.buf.WriteString(name)
	d.buf.WriteByte('>')
}

func (d *document) element(name, text string) {
	d.open(name)
	d.text(text)
	d.close(name)
}

func (d *document) text(s string) {
	_ = xml.EscapeText(&d.buf, []byte(s)) // a bytes.Buffer does not fail
}

func (d *document) writeTo(w io.Writer) error {
	_, err := w.Write(d.buf.Bytes())
	return err
}

func scalarText(v reflect.Value) (string, error) {
	switch {
	case v.Type() == timeType:
		return v.Interface().(time.Time).UTC().Format(timestamp), nil
	case v.Kind() == reflect.String:
		return v.String(), nil
	case v.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), nil
	case v.CanFloat():
		if own, ok := v.Interface().(encoding.TextMarshaler); ok {
			text, err := own.MarshalText()
			return string(text), err
		}
		if f := v.Float(); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return strconv.FormatFloat(f, 'f', -1, v.Type().Bits()), nil
		}
		return "", fmt.Errorf("%v is not a number", v.Float())
	}
	return "", fmt.Errorf("unsupported type %s", v.Type())
}
