// Package atrest has the keys that nodes' files are encrypted with, and what those are encrypted with themselves.
//
//	master key, or a key of a KMS     in DIR/master.key, or at the service, which it never leaves
//	  └─ wraps a group's data key     made with the group; only the wrapped form is kept, with the group in the store
//	       └─ a node's key            derived; the provider has it for as long as there is the node
//
// A group's data is gone when its row is: without the wrapped key, neither the master key nor the KMS opens the files. Who has the data
// directory with its master key has everything. A KMS is what parts the two; so does keeping master.key on another disk (docs/encryption.md).
//
// No key is in a log, an error or a file. Keys print as ***.
package atrest
