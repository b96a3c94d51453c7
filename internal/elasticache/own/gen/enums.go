package main

import (
	"fmt"
	"go/ast"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// domain is the import path of the packages whose enumerations answers may have, and domainDir where they are, seen from
// package own.
const (
	domain    = "github.com/aikagi/aikagi/internal/cache"
	domainDir = "../../cache"
)

// enum is a text type with the values that it has.
type enum struct {
	name, doc string // as TypeScript calls it
	values    []string
}

// readEnums finds the text types with constants in those packages of the domain that the files of package own import.
func readEnums(own string, files []*ast.File) (map[string]enum, error) {
	enums, read := map[string]enum{}, map[string]bool{}
	for _, file := range files {
		for _, spec := range file.Imports {
			from, err := strconv.Unquote(spec.Path.Value)
			below, ok := strings.CutPrefix(from, domain)
			if err != nil || !ok || read[from] {
				continue
			}
			read[from] = true
			if spec.Name != nil {
				return nil, fmt.Errorf("import %s under its own name", from)
			}
			if err := addEnums(enums, path.Base(from), filepath.Join(own, domainDir, below)); err != nil {
				return nil, err
			}
		}
	}
	return enums, nil
}

func addEnums(enums map[string]enum, pkg, dir string) error {
	files, err := parseDir(dir)
	if err != nil {
		return err
	}
	return specs(files, func(spec ast.Spec, doc string) error {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			e := enums[pkg+"."+spec.Name.Name]
			e.name, e.doc = enumName(pkg, spec.Name.Name), doc
			enums[pkg+"."+spec.Name.Name] = e
		case *ast.ValueSpec:
			of, ok := spec.Type.(*ast.Ident)
			if !ok || len(spec.Values) != 1 {
				return nil
			}
			if value, isText := textOf(spec.Values[0]); isText {
				e := enums[pkg+"."+of.Name]
				e.values = append(e.values, value)
				enums[pkg+"."+of.Name] = e
			}
		}
		return nil
	})
}

// enumName is what TypeScript, which has no packages here, calls a type: the name of its package and its
// own, so that rotation.State is RotationState, unless that is in it already or the package is that of the whole domain.
func enumName(pkg, name string) string {
	noun := strings.ToUpper(pkg[:1]) + pkg[1:]
	if pkg == path.Base(domain) || strings.HasPrefix(name, noun) {
		return name
	}
	return noun + name
}
