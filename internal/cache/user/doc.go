// Package user has users and user groups: who may log in to caches, and what they may do there (RBAC).
//
// A [User] has an id, by which the API knows it, and a name, which the engine knows. What it may do is its [Access], an
// access string in the words of the engines' ACL. Of its passwords there are digests only, as the engines take them. A [Group] has users
// and is what a replication group names; the users of a group have different names. One user is always there and cannot be changed:
// [DefaultID], which may do everything, without a password.
//
// # States
//
// A user or group that no cache uses is changed at once. Else the change is kept as one that caches are to be brought to, until
// all of them prove it; who does so calls Settle:
//
//	          Modify                  Settle
//	active ───────────▶ modifying ───────────▶ active
//	   │      Delete                  Settle
//	   └──────────────▶ deleting ────────────▶ (gone)
//
// A group that is modified keeps its users as they were, beside the change ([Pending]); Members are those that it is to have. A user
// is modified in place. A group can only be deleted when no cache uses it, so it is gone at once; a user is dropped from its groups
// first. What is being modified is not modified again.
//
// # Access strings
//
// An access string is one line of an ACL file, next to those of the service's own users. [ParseAccess] takes it apart, rule by rule, and
// only what it has understood is put together again, by [Access.String] and [Access.Rules]. So nothing in it is ever read by an engine as
// something else: a second line, another user, a password. It refuses what no engine understands, and commands that clients never have.
//
// # Accounts
//
// [Accounts] is all that a node needs to know: whom it lets in, and to what.
package user
