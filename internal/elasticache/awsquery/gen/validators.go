package main

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// readValidators takes the required members. Each is one statement of the
// struct's validator:
//
//	if v.ResourceName == nil {
//		invalidParams.Add(smithy.NewErrParamRequired("ResourceName"))
func (t *tables) readValidators(funcs []*ast.FuncDecl) error {
	for _, fn := range funcs {
		name := typeName(paramType(fn))
		if fn.Recv != nil || name == "" || !strings.HasPrefix(fn.Name.Name, "validate") {
			continue
		}
		for _, call := range calls(fn.Body, "NewErrParamRequired") {
			field, ok := stringArg(call)
			if !ok {
				return fmt.Errorf("%s: required member without a name", fn.Name.Name)
			}
			t.required[name] = append(t.required[name], field)
		}
		slices.Sort(t.required[name])
	}
	return nil
}
