// Package parameter has parameter groups: what parameters there are in each family, what values they can have, and the groups in
// which configurations keep the values that their caches are to have.
//
// # Families and parameters
//
// A [Family] is the parameters of one major version of an engine. All families of the original are here, also of
// engines that aikagi does not run, because configurations name them. They are in catalogue.txt. What a value means to an engine is
// for package engine.
//
// # Groups
//
// A [Group] is a family with the values that differ from it. Of every family there is a default group, which is never stored: it
// exists because its name does ([Default]). A value that was set is its user's, even if it equals the default, until it is reset.
//
// # Who uses a group
//
// Caches name a group, and the store keeps it from being deleted meanwhile. Parameters that are chosen when a cache is created, like
// the number of its databases, can be set as long as no cache uses the group; and caches can only go over to a group that has the
// same values of them ([Group.CheckSwitch]).
package parameter
