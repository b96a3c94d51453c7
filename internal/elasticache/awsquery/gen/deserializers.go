package main

import (
	"fmt"
	"go/ast"
	"strings"
)

const (
	opDeserializer    = "awsAwsquery_deserializeOp"
	opErrors          = "awsAwsquery_deserializeOpError"
	errorDeserializer = "awsAwsquery_deserializeError"
)

// readDeserializers takes the lists of the answers, the actions without a result
// element and the codes of the errors. Names are matched in a switch:
//
//	case strings.EqualFold("TagList", t.Name.Local):
//		nodeDecoder := smithyxml.WrapNodeDecoder(decoder.Decoder, t)
//		if err := awsAwsquery_deserializeDocumentTagList(&sv.TagList, nodeDecoder); …
func (t *tables) readDeserializers(funcs []*ast.FuncDecl) error {
	var structs []*ast.FuncDecl
	lists := map[string]string{}
	for _, fn := range funcs {
		name := fn.Name.Name
		switch {
		case name == "HandleDeserialize":
			t.readResult(fn)
		case strings.HasPrefix(name, opErrors):
			t.readErrorCodes(fn)
		case isListDeserializer(fn):
			member, err := onlyString(fn.Body, "EqualFold")
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			lists[name] = member
		case isStructDeserializer(fn):
			structs = append(structs, fn)
		}
	}
	for _, fn := range structs {
		if err := t.readReceivedStruct(fn, lists); err != nil {
			return fmt.Errorf("%s: %w", fn.Name.Name, err)
		}
	}
	return nil
}

// isListDeserializer leaves out the functions for flattened lists, which the
// SDK writes for every list and this service calls for none.
func isListDeserializer(fn *ast.FuncDecl) bool {
	_, isList := paramType(fn).(*ast.ArrayType)
	return isList && !strings.HasSuffix(fn.Name.Name, "Unwrapped")
}

// isStructDeserializer leaves out the errors: they are written by EncodeError.
func isStructDeserializer(fn *ast.FuncDecl) bool {
	document := strings.HasPrefix(fn.Name.Name, "awsAwsquery_deserializeDocument") ||
		strings.HasPrefix(fn.Name.Name, "awsAwsquery_deserializeOpDocument")
	name := typeName(paramType(fn))
	return document && name != "" && len(calls(fn.Body, "EqualFold")) > 0 && !isMessageOnly(fn)
}

// isMessageOnly tells an error from any other struct: in the wire format of
// errors the message, in lower case, is the one member.
func isMessageOnly(fn *ast.FuncDecl) bool {
	wire, err := onlyString(fn.Body, "EqualFold")
	return err == nil && wire == "message"
}

func (t *tables) readResult(fn *ast.FuncDecl) {
	action := strings.TrimPrefix(receiverName(fn), opDeserializer)
	if len(calls(fn.Body, "GetElement")) == 0 {
		t.bare[action] = true
	}
}

func (t *tables) readErrorCodes(fn *ast.FuncDecl) {
	for _, clause := range clauses(fn.Body) {
		code, ok := matched(clause)
		if !ok {
			continue
		}
		ast.Inspect(clause, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if shape, ok := strings.CutPrefix(calleeName(call), errorDeserializer); ok {
					t.wire[shape] = code
				}
			}
			return true
		})
	}
}

func (t *tables) readReceivedStruct(fn *ast.FuncDecl, lists map[string]string) error {
	for _, clause := range clauses(fn.Body) {
		wire, ok := matched(clause)
		if !ok {
			continue
		}
		field, ok := selected(clause, "sv")
		if !ok || field != wire {
			return fmt.Errorf("%s goes into the field %q", wire, field)
		}
		if err := t.addCalledList(fn, clause, field, lists); err != nil {
			return err
		}
	}
	return nil
}

func clauses(n ast.Node) []*ast.CaseClause {
	var found []*ast.CaseClause
	ast.Inspect(n, func(n ast.Node) bool {
		if clause, ok := n.(*ast.CaseClause); ok {
			found = append(found, clause)
		}
		return true
	})
	return found
}

// matched is the name that a clause compares with; a default clause has none.
func matched(clause *ast.CaseClause) (string, bool) {
	if len(clause.List) != 1 {
		return "", false
	}
	call, ok := clause.List[0].(*ast.CallExpr)
	if !ok || calleeName(call) != "EqualFold" {
		return "", false
	}
	return stringArg(call)
}
