// Package policy says for every command and subcommand of the engines whether clients have it, and why.
// [Table] is the only place that says so: the access rules of clients ([Rules]), the commands that get
// other names ([Renamed]) and the table in docs/security.md ([Markdown]) are made from it.
//
// # What is refused
//
// A command is refused if a client could use it to stop the engine, make it fork, write files, disconnect or hold up
// others, or see what belongs to the service, and the original does not offer it. What the original offers stays,
// unless it takes a whole cache down. A command with a name of its own that the original does not have is
// unknown ([Hidden]); what the original has, and a subcommand, is refused by the access rules ([Denied]).
//
// # What a newer engine brings
//
// An engine may be newer than this table. What it adds is refused if the engine itself calls it administrative or
// dangerous, or if it is a subcommand: the engines never marked SCRIPT DEBUG. Other new commands work on
// keys and are allowed. A test compares the table with each engine that is installed, and fails at a name that the
// table does not have.
package policy
