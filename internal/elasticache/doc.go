// Package elasticache is the API face: it speaks the ElastiCache API, version
// 2015-02-02, as the original does, so that its CLI, its SDKs and Terraform can be used
// with it unchanged, as far as actions and parameters are honoured.
//
// A request passes through [API.ServeHTTP] from top to bottom: read the body,
// check the signature (package sigv4), find the action in the table, decode its
// input (package awsquery), refuse what of it cannot be honoured, all at once
// (unsupported.go), run its handler, encode the answer. Every action of the
// model is a row of the table in actions.go; one that is not built yet is decoded
// and validated like the others and then answers NotImplemented.
//
// A handler writes desired state to the store, which is where reconcilers hear of it; it never
// touches a node. A resource has a package of its own (subnet); package act has what they share. Those of groups and
// cache clusters are here still. What it returns is what the store holds. Errors of the domain
// become the original's codes in errors.go and nowhere else; any other error is
// logged there once and its text is not shown.
package elasticache
