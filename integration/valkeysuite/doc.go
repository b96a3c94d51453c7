// Valkeysuite runs Valkey's own unit tests twice, against a node of aikagi and against a bare valkey-server, and
// prints what differs. No part of those tests is in this repository; they come from a clone of Valkey's:
//
//	git clone --depth 1 --branch 8.0.1 https://github.com/valkey-io/valkey ~/valkey
//	go run ./integration/valkeysuite -source ~/valkey                  all units of tests/unit and tests/unit/type
//	go run ./integration/valkeysuite -source ~/valkey unit/expire …    some of them
//
// It needs valkey-server, valkey-cli, valkey-benchmark and tclsh. The tests run in Valkey's external mode, which leaves
// out those that start servers of their own. Each unit gets a fresh node and a fresh bare server, because some tests move
// a server's listener, or leave settings behind.
//
// The tests set the server up with CONFIG, which clients of a node do not have. So in the copy that runs against a
// node, the client's CONFIG goes to the node's admin socket. CONFIG in a script or a transaction does not.
//
// docs/compatibility.md has what came out, and why.
package main
