package awsquery

import (
	"fmt"
	"net/url"
	"reflect"
	"strconv"
)

// maxItems bounds a list. The largest quota of the API on a list in a request
// is 100 (users of a user group).
const maxItems = 1000

// Decode reads the form of one action into the struct that into points to,
// normally one of the Input structs of the SDK. A member that is not in the
// form stays nil; a list sent as "Name=" becomes an empty list. Items of a list
// may be named as the model says (Tags.Tag.1.Key) or with the protocol's default
// (Tags.member.1.Key). Action and Version are ignored unless they are repeated.
//
// Whatever is wrong with the form comes back as a *ParamError. Any other error
// means that into is not something that can be decoded into. The size of the
// form is for the caller to limit.
func Decode(form url.Values, into any) error {
	dst := reflect.ValueOf(into)
	if dst.Kind() != reflect.Pointer || dst.IsNil() || dst.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("decode form: %T is not a pointer to a struct", into)
	}
	root, err := readForm(form)
	if err != nil {
		return err
	}
	decoded := reflect.New(dst.Type().Elem()).Elem()
	if err := fillStruct(decoded, root); err != nil {
		return err
	}
	if err := checkRequired(decoded, ""); err != nil {
		return err
	}
	dst.Elem().Set(decoded)
	return nil
}

func fillStruct(dst reflect.Value, p *param) error {
	if p.value != nil {
		return refuse(MalformedName, p.name)
	}
	for _, part := range p.sorted() {
		field, ok := wireField(dst.Type(), part)
		if !ok {
			return refuse(UnknownParameter, p.parts[part].name)
		}
		member := memberName(dst.Type(), field)
		if err := fill(dst.FieldByIndex(field.Index), member, p.parts[part]); err != nil {
			return err
		}
	}
	return nil
}

// fill sets dst from p; member is what the items are called if dst is a list.
func fill(dst reflect.Value, member string, p *param) error {
	switch {
	case dst.Kind() == reflect.Pointer:
		target := reflect.New(dst.Type().Elem())
		if err := fill(target.Elem(), member, p); err != nil {
			return err
		}
		dst.Set(target)
		return nil
	case dst.Kind() == reflect.Slice:
		return fillList(dst, member, p)
	case dst.Kind() == reflect.Struct && dst.Type() != timeType:
		return fillStruct(dst, p)
	}
	if parts := p.sorted(); len(parts) > 0 {
		return refuse(UnknownParameter, p.parts[parts[0]].name)
	}
	return fillScalar(dst, p)
}

func fillList(dst reflect.Value, member string, p *param) error {
	items, err := listItems(member, p)
	if err != nil {
		return err
	}
	list := reflect.MakeSlice(dst.Type(), len(items), len(items))
	for i, item := range items {
		if err := fill(list.Index(i), defaultMember, item); err != nil {
			return err
		}
	}
	dst.Set(list)
	return nil
}

// listItems gives the items of a list in order. There are never more of them
// than parameters in the form, whatever the indexes say.
func listItems(member string, p *param) ([]*param, error) {
	if p.value != nil {
		if *p.value == "" && len(p.parts) == 0 {
			return nil, nil
		}
		return nil, refuse(MalformedName, p.name)
	}
	var items *param
	for _, part := range p.sorted() {
		if part != member && part != defaultMember {
			return nil, refuse(UnknownParameter, p.parts[part].name)
		}
		if items != nil || p.parts[part].value != nil {
			return nil, refuse(MalformedList, p.parts[part].name)
		}
		items = p.parts[part]
	}
	if len(items.parts) > maxItems {
		return nil, refuse(TooLarge, p.name)
	}
	return inOrder(items)
}

func inOrder(items *param) ([]*param, error) {
	ordered := make([]*param, len(items.parts))
	for _, index := range items.sorted() {
		n, err := strconv.Atoi(index)
		if err != nil || n < 1 || n > len(ordered) || strconv.Itoa(n) != index {
			return nil, refuse(MalformedList, items.parts[index].name)
		}
		ordered[n-1] = items.parts[index]
	}
	return ordered, nil
}
