package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
)

// declaration is what package own says.
type declaration struct {
	shapes  map[string]*shape
	numbers map[string]bool // types of numbers that may be none: MetricValue
	actions []action        // as they are declared, file by file
	enums   map[string]enum // text types of the domain, by their names in package own: rotation.State
}

// shape is a struct.
type shape struct {
	name, doc string
	fields    []field
}

type field struct {
	name, doc string
	of        ast.Expr
}

// action is a constant of type Action[Input, Output].
type action struct {
	name, doc     string
	input, output string
}

// parseDir parses the files of a package, without its tests, in the order of their names.
func parseDir(dir string) ([]*ast.File, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no Go files in %s", dir)
	}
	return files, nil
}

// specs calls do for each type and constant of a package, with its comment.
func specs(files []*ast.File, do func(spec ast.Spec, doc string) error) error {
	for _, file := range files {
		for _, decl := range file.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range group.Specs {
				if err := do(spec, docOf(group, spec)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// docOf is the comment of one declaration; what stands above a group in parentheses is not.
func docOf(group *ast.GenDecl, spec ast.Spec) string {
	var own *ast.CommentGroup
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		own = spec.Doc
	case *ast.ValueSpec:
		own = spec.Doc
	}
	if own == nil && !group.Lparen.IsValid() {
		own = group.Doc
	}
	return strings.TrimSpace(own.Text())
}

func readDeclaration(dir string) (*declaration, error) {
	files, err := parseDir(dir)
	if err != nil {
		return nil, err
	}
	d := &declaration{shapes: map[string]*shape{}, numbers: map[string]bool{}}
	if d.enums, err = readEnums(dir, files); err != nil {
		return nil, err
	}
	return d, specs(files, func(spec ast.Spec, doc string) error {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			return d.addType(spec, doc)
		case *ast.ValueSpec:
			return d.addAction(spec, doc)
		}
		return nil
	})
}

func (d *declaration) addType(spec *ast.TypeSpec, doc string) error {
	name := spec.Name.Name
	switch of := spec.Type.(type) {
	case *ast.StructType:
		s := &shape{name: name, doc: doc}
		for _, f := range of.Fields.List {
			if len(f.Names) != 1 {
				return fmt.Errorf("%s: a field without a name of its own", name)
			}
			comment := strings.TrimSpace(f.Doc.Text() + f.Comment.Text())
			s.fields = append(s.fields, field{name: f.Names[0].Name, doc: comment, of: f.Type})
		}
		d.shapes[name] = s
		return nil
	case *ast.Ident:
		if of.Name == "float64" {
			d.numbers[name] = true
			return nil
		}
	}
	if name == "Action" {
		return nil
	}
	return fmt.Errorf("type %s is neither a struct nor a number", name)
}

func (d *declaration) addAction(spec *ast.ValueSpec, doc string) error {
	name := spec.Names[0].Name
	generic, ok := spec.Type.(*ast.IndexListExpr)
	if !ok || len(generic.Indices) != 2 || len(spec.Values) != 1 {
		return fmt.Errorf("constant %s is not an Action[Input, Output]", name)
	}
	input, isInput := generic.Indices[0].(*ast.Ident)
	output, isOutput := generic.Indices[1].(*ast.Ident)
	value, isText := textOf(spec.Values[0])
	if !isInput || !isOutput || !isText || value != name {
		return fmt.Errorf("action %s: want a text like the constant's name, of types of this package", name)
	}
	d.actions = append(d.actions, action{name: name, doc: doc, input: input.Name, output: output.Name})
	return nil
}

func textOf(e ast.Expr) (string, bool) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(literal.Value)
	return text, err == nil
}
