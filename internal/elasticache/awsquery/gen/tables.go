package main

import (
	"fmt"
	"go/ast"
	"path/filepath"
)

// tables is what tables_gen.go is made of.
type tables struct {
	lists    map[string]string   // "Struct.Field" to member name, for every list
	required map[string][]string // struct to its required members
	bare     map[string]bool     // actions that answer without a result element
	errors   map[string]errorShape
	wire     map[string]string // error shape to wire code, as the client matches it
}

type errorShape struct {
	code   string // what ErrorCode() says
	server bool
}

func newTables() *tables {
	return &tables{
		lists:    map[string]string{},
		required: map[string][]string{},
		bare:     map[string]bool{},
		errors:   map[string]errorShape{},
		wire:     map[string]string{},
	}
}

func (t *tables) read(dir string) error {
	steps := []struct {
		file string
		read func([]*ast.FuncDecl) error
	}{
		{"serializers.go", t.readSerializers},
		{"deserializers.go", t.readDeserializers},
		{"validators.go", t.readValidators},
		{"types/errors.go", t.readErrors},
	}
	for _, step := range steps {
		funcs, err := parseFuncs(filepath.Join(dir, step.file))
		if err != nil {
			return err
		}
		if err := step.read(funcs); err != nil {
			return fmt.Errorf("%s: %w", step.file, err)
		}
	}
	return t.check()
}

// check finds what would mean that the SDK's code has a new shape and was only
// half understood.
func (t *tables) check() error {
	for name, size := range map[string]int{
		"lists": len(t.lists), "required members": len(t.required), "errors": len(t.errors),
	} {
		if size == 0 {
			return fmt.Errorf("found no %s", name)
		}
	}
	if len(t.wire) != len(t.errors) {
		return fmt.Errorf("client matches %d error codes, types has %d errors", len(t.wire), len(t.errors))
	}
	for shape, code := range t.wire {
		if t.errors[shape].code != code {
			return fmt.Errorf("%s is %q to the client and %q in types", shape, code, t.errors[shape].code)
		}
	}
	return nil
}

// addList records a list's member name. A struct that is both sent and received
// must use one name for both.
func (t *tables) addList(structName, field, member string) error {
	key := structName + "." + field
	if known, ok := t.lists[key]; ok && known != member {
		return fmt.Errorf("items of %s are called both %q and %q", key, known, member)
	}
	t.lists[key] = member
	return nil
}
