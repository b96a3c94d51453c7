// Package engine talks to Valkey and Redis servers: it finds the installed ones,
// renders their configuration and access rules, and speaks to a running one, as
// its administrator over the admin socket ([Admin]) and as a client would over
// the network ([ProveLogins]).
//
// # Who may log in
//
// Every node knows these users:
//
//	default            clients without a token; on only while the group's set holds NONE
//	token:FINGERPRINT  the holders of a token; its password is the token's digest
//	aikagi:admin       the control plane, over the admin socket
//	aikagi:replication the replicas of the same group
//	aikagi:rules       nobody; it notes which rights clients have, see [Rights]
//	aikagi:probe       the service's own proofs, where they need no particular user; it has no rights.
//	                   A node that was started by a release which did not count logins lacks it
//
// Clients never name a user: the engine module (package module) turns
// AUTH TOKEN into a login of the token's own user, so that the engine itself can
// tell which token each connection used, and so that "no token" and "token T" can
// both be good at once, which no stock engine can express.
//
// Secrets of the internal users and the names of the renamed commands are derived
// from the data directory's master key ([Keyring]); none of them is stored.
//
// # What clients may do
//
// Package policy has the table of all commands. Rights are rendered for the version of a node's process, because an
// engine refuses rules about commands that it does not know. They are noted with the node, so that a newer control plane
// with other rules renews those of running nodes.
//
// # Who uses what
//
// The module counts every login and every end of a connection, by credential ([Admin.Usage]).
// Polling would miss short connections. The service's own connections are not counted.
//
// # Order of an access change
//
// [Admin.ApplyAccess] first accepts the new token, then refuses the old one, and closes
// no connection: a token user that is no longer wanted is turned off, and
// removed once its last connection is gone.
package engine
