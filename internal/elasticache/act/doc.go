// Package act has what the handlers of all resources share: what they need, how a list is cut into pages, how an object
// is changed.
package act
