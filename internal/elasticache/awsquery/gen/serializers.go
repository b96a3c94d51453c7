package main

import (
	"fmt"
	"go/ast"
	"strings"
)

// readSerializers takes the lists of the requests. A list has a function of its
// own that names the items, and each field that holds the list calls it:
//
//	func awsAwsquery_serializeDocumentTagList(v []types.Tag, value query.Value) error {
//		array := value.Array("Tag")
//
//	if v.Tags != nil {
//		objectKey := object.Key("Tags")
//		if err := awsAwsquery_serializeDocumentTagList(v.Tags, objectKey); …
func (t *tables) readSerializers(funcs []*ast.FuncDecl) error {
	var structs []*ast.FuncDecl
	lists := map[string]string{}
	for _, fn := range funcs {
		if !strings.HasPrefix(fn.Name.Name, "awsAwsquery_serialize") || fn.Recv != nil {
			continue
		}
		if _, ok := paramType(fn).(*ast.ArrayType); !ok {
			structs = append(structs, fn)
			continue
		}
		member, err := onlyString(fn.Body, "Array")
		if err != nil {
			return fmt.Errorf("%s: %w", fn.Name.Name, err)
		}
		lists[fn.Name.Name] = member
	}
	for _, fn := range structs {
		if err := t.readSentStruct(fn, lists); err != nil {
			return fmt.Errorf("%s: %w", fn.Name.Name, err)
		}
	}
	return nil
}

func (t *tables) readSentStruct(fn *ast.FuncDecl, lists map[string]string) error {
	for _, stmt := range fn.Body.List {
		guard, ok := stmt.(*ast.IfStmt)
		if !ok {
			continue
		}
		field, ok := selected(guard.Cond, "v")
		if !ok {
			return fmt.Errorf("condition without a field")
		}
		wire, err := onlyString(guard.Body, "Key")
		if err != nil {
			return fmt.Errorf("%s: %w", field, err)
		}
		if wire != field {
			return fmt.Errorf("%s is called %s on the wire", field, wire)
		}
		if err := t.addCalledList(fn, guard.Body, field, lists); err != nil {
			return err
		}
	}
	return nil
}

// addCalledList records field as a list if its code calls one of the list functions.
func (t *tables) addCalledList(fn *ast.FuncDecl, body ast.Node, field string, lists map[string]string) error {
	for name, member := range lists {
		if len(calls(body, name)) > 0 {
			return t.addList(typeName(paramType(fn)), field, member)
		}
	}
	return nil
}

// onlyString is the string literal given to the one call of a function within n.
func onlyString(n ast.Node, callee string) (string, error) {
	found := calls(n, callee)
	if len(found) != 1 {
		return "", fmt.Errorf("%d calls of %s, want one", len(found), callee)
	}
	s, ok := stringArg(found[0])
	if !ok {
		return "", fmt.Errorf("%s is not called with a string", callee)
	}
	return s, nil
}
