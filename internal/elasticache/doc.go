// Package elasticache is the API face: it speaks the ElastiCache API, version
// 2015-02-02, as the original does, so that its CLI, its SDKs and Terraform can be used
// with it unchanged, as far as actions and parameters are honoured.
//
// A request passes through [API.ServeHTTP] from top to bottom: read the body,
// check the signature (package sigv4), find the action in the table, decode its
// input (package awsquery), refuse what of it cannot be honoured, all at once
// (unsupported.go), run its handler, encode the answer. Every action of the
// model is a row of the table in actions.go; one that is not built yet is decoded
// and validated like the others and then answers NotImplemented. After them come the
// actions that only aikagi has; what those take and answer is declared in package own.
//
// A handler writes desired state to the store, which is where reconcilers hear of it; it never
// touches a node. All handlers that change something go the same way: they decode, call [act.Create], [act.Change],
// [act.CreateGroup] or [act.ChangeGroup] with a function of the domain, and render what the store holds then. A resource has
// a package of its own, with a file for each action (group, cluster, subnet, event, tag, version; those that only aikagi has
// are in extension); handlers.go gives its handlers what they need. Errors of the domain
// become the original's codes in errors.go and nowhere else; any other error is
// logged there once and its text is not shown.
package elasticache
