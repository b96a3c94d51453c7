// Package security has security groups: by their source address, who may connect to the caches that name them. A gate enforces
// that; see package engine/gate.
//
// A cache names groups by id, as in the original. What is known of an id here decides:
//
//	no ids            everybody may come whom the listeners let reach them
//	known ids         who is in a network of a rule that covers the cache's port; nobody, if there is no such rule
//	an unknown id     everybody, for it may have any rules where it comes from; this is said wherever the cache is shown
//
// Source: Amazon EC2 User Guide, "Security group rules": rules only allow, and those of several groups add up. What
// answers a connection needs no rule.
package security
