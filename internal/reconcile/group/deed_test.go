package group

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// TestEveryStepHasADeed reads step.go: a kind of step that is planned can be carried out, in one way.
func TestEveryStepHasADeed(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "step.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	kinds := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "StepKind" {
			return true
		}
		kinds++
		kind := StepKind(strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`))
		if deed := deeds[kind]; (deed.decide == nil) == (deed.act == nil) {
			t.Errorf("the step %s is not carried out in one way", kind)
		}
		return true
	})
	if kinds != len(deeds) {
		t.Errorf("there are %d kinds of steps and %d deeds", kinds, len(deeds))
	}
}
