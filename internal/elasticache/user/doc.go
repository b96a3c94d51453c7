// Package user has the actions of users and user groups, a file for each. Package cache/user says what they are.
//
// Passwords come in the clear, and go no further than to [user.LoginAsked.Resolve], which makes digests of them.
package user
