package elasticache

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

// refusals are how the domain's errors are made: the function, and whether it is told a resource.
var refusals = map[string]bool{"Errorf": false, "ResourceErrorf": true, "Refuse": true}

// TestEveryRefusalHasACode reads our own source: each refusal that is made anywhere is one that the tables answer. One that is
// of no particular kind or resource in the source (a variable) is of one that is refused elsewhere, too.
func TestEveryRefusalHasACode(t *testing.T) {
	t.Parallel()
	kinds, resources := constants(t)
	found := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			withResource, ok := refusals[nameOf(call.Fun)]
			if !ok || len(call.Args) < 2 {
				return true
			}
			kind, ok := kinds[nameOf(call.Args[0])]
			if !ok {
				return true
			}
			var resource cache.Resource
			if withResource {
				_, literal := call.Args[1].(*ast.BasicLit) // "": about none
				if resource, ok = resources[nameOf(call.Args[1])]; !ok && !literal {
					return true // a variable
				}
			}
			found++
			if _, ok := domainShape(&cache.Error{Kind: kind, Resource: resource}); !ok {
				t.Errorf("%s: no code answers a refusal of kind %q about %q", path, kind, resource)
			}
			return true
		})
		return nil
	})
	if err != nil || found < 100 {
		t.Fatalf("%d refusals were found: %v", found, err)
	}
}

// nameOf is the last name of an expression like cache.KindInvalid; empty if it has none.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// constants reads the kinds and the resources that there are.
func constants(t *testing.T) (map[string]cache.Kind, map[string]cache.Resource) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../cache/error.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	kinds, resources := map[string]cache.Kind{}, map[string]cache.Resource{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		value, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			return true
		}
		name, text := spec.Names[0].Name, strings.Trim(value.Value, `"`)
		switch nameOf(spec.Type) {
		case "Kind":
			kinds[name] = cache.Kind(text)
		case "Resource":
			resources[name] = cache.Resource(text)
		}
		return true
	})
	if len(kinds) < 10 || len(resources) < 9 {
		t.Fatalf("%d kinds and %d resources were found", len(kinds), len(resources))
	}
	return kinds, resources
}

// What no table answers is not guessed at: nobody is told that another thing is wrong.
func TestUnknownRefusalIsInternal(t *testing.T) {
	t.Parallel()
	for _, e := range []*cache.Error{
		cache.ResourceErrorf(cache.KindExists, cache.ResourceSnapshot, "secret"),
		cache.ResourceErrorf("odd", "", "secret"),
	} {
		answer, internal := translate(e)
		if !internal || answer.Code != shapeInternal.Code || strings.Contains(answer.message, "secret") {
			t.Errorf("%v is answered with %+v", e, answer)
		}
	}
}
