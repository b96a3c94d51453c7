package main

import (
	"fmt"
	"go/ast"
)

// readErrors takes code and fault of each error from its two methods:
//
//	func (e *UserNotFoundFault) ErrorCode() string {
//		if e == nil || e.ErrorCodeOverride == nil {
//			return "UserNotFound"
//	func (e *UserNotFoundFault) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }
func (t *tables) readErrors(funcs []*ast.FuncDecl) error {
	for _, fn := range funcs {
		shape := receiverName(fn)
		e := t.errors[shape]
		switch fn.Name.Name {
		case "ErrorCode":
			code, ok := returnedString(fn)
			if !ok {
				return fmt.Errorf("%s has no code", shape)
			}
			e.code = code
		case "ErrorFault":
			fault, ok := selected(fn.Body, "smithy")
			if !ok || (fault != "FaultClient" && fault != "FaultServer") {
				return fmt.Errorf("%s has the fault %q", shape, fault)
			}
			e.server = fault == "FaultServer"
		default:
			continue
		}
		t.errors[shape] = e
	}
	return nil
}

func returnedString(fn *ast.FuncDecl) (s string, ok bool) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		if ret, isReturn := n.(*ast.ReturnStmt); isReturn && !ok && len(ret.Results) == 1 {
			s, ok = stringLit(ret.Results[0])
		}
		return !ok
	})
	return s, ok
}
