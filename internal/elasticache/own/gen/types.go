package main

import (
	"fmt"
	"go/ast"
	"slices"
)

// member is how TypeScript has a field of an answer.
type member struct {
	kind    string   // its type
	decoder string   // reads it
	helpers []string // functions of xml.ts that the decoder is made of
	shape   string   // the struct in it; empty: none
	enum    string   // the enumeration in it, as Go calls it; empty: none
}

// scalars are the types of texts and numbers. A text that is absent is empty, and a flag false.
var scalars = map[string]member{
	"string":    {kind: "string", decoder: "text", helpers: []string{"text"}},
	"bool":      {kind: "boolean", decoder: "flag", helpers: []string{"flag"}},
	"int32":     {kind: "number", decoder: "number", helpers: []string{"number"}},
	"int64":     {kind: "number", decoder: "number", helpers: []string{"number"}},
	"time.Time": {kind: "Date | undefined", decoder: "time", helpers: []string{"time"}},
}

var maybeNumber = member{kind: "number | undefined", decoder: "maybeNumber", helpers: []string{"maybeNumber"}}

// goType is the name of a type as the source has it; empty: it has none.
func goType(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if from, ok := e.X.(*ast.Ident); ok {
			return from.Name + "." + e.Sel.Name
		}
	}
	return ""
}

// member is how TypeScript has a field of an answer of this Go type.
func (d *declaration) member(of ast.Expr) (member, error) {
	switch of := of.(type) {
	case *ast.StarExpr:
		return d.optional(of.X)
	case *ast.ArrayType:
		return d.list(of.Elt)
	}
	name := goType(of)
	if m, ok := scalars[name]; ok {
		return m, nil
	}
	if d.numbers[name] {
		return maybeNumber, nil
	}
	if s, ok := d.shapes[name]; ok {
		return member{kind: s.name, decoder: lowerFirst(s.name), shape: s.name}, nil
	}
	if e := d.enums[name]; len(e.values) > 0 {
		return member{kind: e.name, decoder: "text as Decoder<" + e.name + ">", helpers: []string{"text"}, enum: name}, nil
	}
	return member{}, fmt.Errorf("no answer can have a field of type %q", name)
}

// optional is a field that is absent where the pointer is nil.
func (d *declaration) optional(of ast.Expr) (member, error) {
	m, err := d.member(of)
	switch {
	case err != nil:
		return m, err
	case m.shape != "":
		m.kind, m.decoder, m.helpers = m.kind+" | undefined", "maybe("+m.decoder+")", append(slices.Clip(m.helpers), "maybe")
	case m.kind == "number":
		return maybeNumber, nil
	}
	return m, nil
}

func (d *declaration) list(of ast.Expr) (member, error) {
	m, err := d.member(of)
	switch m.kind {
	case "Date | undefined": // none of a list is absent
		m.kind, m.decoder = "Date[]", "list(time as Decoder<Date>)"
	case maybeNumber.kind:
		m.kind, m.decoder = "("+m.kind+")[]", "list("+m.decoder+")"
	default:
		m.kind, m.decoder = m.kind+"[]", "list("+m.decoder+")"
	}
	m.helpers = append(slices.Clip(m.helpers), "list")
	return m, err
}

// parameter is the TypeScript type of a field of an input, which may always be left out; aws is true for one of AWS's SDK.
func parameter(of ast.Expr) (kind string, aws bool, err error) {
	if pointer, ok := of.(*ast.StarExpr); ok {
		switch name := goType(pointer.X); name {
		case "time.Time":
			return "Date", false, nil
		default:
			if m, ok := scalars[name]; ok {
				return m.kind, false, nil
			}
		}
	}
	if list, ok := of.(*ast.ArrayType); ok && goType(list.Elt) == "string" {
		return "string[]", false, nil
	}
	if selected, ok := of.(*ast.SelectorExpr); ok && goType(of) == "types."+selected.Sel.Name {
		return selected.Sel.Name, true, nil
	}
	return "", false, fmt.Errorf("no input can have a field of type %q", goType(of))
}
