package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
)

func parseFuncs(path string) ([]*ast.FuncDecl, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var funcs []*ast.FuncDecl
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok {
			funcs = append(funcs, fn)
		}
	}
	return funcs, nil
}

// calls lists the calls within n of a function or method of the given name, in
// order of appearance.
func calls(n ast.Node, name string) []*ast.CallExpr {
	var found []*ast.CallExpr
	ast.Inspect(n, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && calleeName(call) == name {
			found = append(found, call)
		}
		return true
	})
	return found
}

func calleeName(call *ast.CallExpr) string {
	switch fn := call.Fun.(type) {
	case *ast.Ident:
		return fn.Name
	case *ast.SelectorExpr:
		return fn.Sel.Name
	}
	return ""
}

// stringArg is the first argument of a call if that is a string literal.
func stringArg(call *ast.CallExpr) (string, bool) {
	if len(call.Args) == 0 {
		return "", false
	}
	return stringLit(call.Args[0])
}

func stringLit(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

// selected gives the first field X within n that is selected as variable.X.
func selected(n ast.Node, variable string) (string, bool) {
	var field string
	ast.Inspect(n, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && field == "" {
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == variable {
				field = sel.Sel.Name
			}
		}
		return field == ""
	})
	return field, field != ""
}

// paramType is the type of a function's first parameter without its pointers.
func paramType(fn *ast.FuncDecl) ast.Expr {
	if len(fn.Type.Params.List) == 0 {
		return nil
	}
	return withoutPointers(fn.Type.Params.List[0].Type)
}

// receiverName is the type of a method's receiver, and "" for a function.
func receiverName(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	return typeName(withoutPointers(fn.Recv.List[0].Type))
}

func withoutPointers(e ast.Expr) ast.Expr {
	for {
		star, ok := e.(*ast.StarExpr)
		if !ok {
			return e
		}
		e = star.X
	}
}

// typeName is the bare name of a named type, and "" for any other.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
