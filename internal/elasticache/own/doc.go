// Package own declares the shapes of the actions that aikagi adds to the original's: what each takes and what it answers.
// There is no second declaration. The handlers of package extension decode and render these structs, package client sends
// and reads the same ones, and the console's types and decoders (web/src/api/own.gen.ts) are generated from this source.
// It has shapes only: no store, no wire, no rules.
//
// # Fields
//
// A field's name on the wire is its Go name, and its place in the answer that in the struct. Whether it can be absent:
//
//	Status   string                          always there
//	Problem  string `query:"omitempty"`      absent where it is zero, and zero where it is absent
//	LossBytes *int64                         absent where it is nil: zero says something else
//	Rotation *Rotation                       absent where it is nil
//	Nodes    []AccessNode                    absent where it is nil, except at the top of an answer
//
// The members of an input are pointers, or enums of AWS's SDK, for a client may leave out any. A text of an answer that is one
// of a few has the domain's type (rotation.State), whose constants are a union in the console. Times have milliseconds, with query:"microseconds"
// more. The json tag is the name in what commands print with -o json and -o yaml (docs/commands.md), "-" what they do not
// print. In the console, what is absent is undefined; but an absent text is empty, and an absent flag false.
//
// # Adding an action
//
//  1. Declare here its Input, its Output, and an [Action] of them. Comments go into the console's types as well.
//  2. Run go generate ./internal/elasticache/own.
//  3. Write its handler in package extension, and add its row to the table in elasticache/actions.go:
//     ours(own.NAME, of(extensions, extension.Handlers.NAME)). What the Input has is honoured.
//  4. Where a command wants it, call it in package client; where the console wants it, in web/src/api/own.ts.
//  5. Add its answer to TestOwnAnswersAreTheSame (elasticache/wire_test.go), run that with -update, and run
//     go test ./internal/elasticache -run CompatibilityPage -update.
//
// What is declared can get further members at its end; none may go, change its name or its place, because clients of
// earlier releases read the answers.
package own

//go:generate go run ./gen
