// Package usage says who uses which credential of a group, as far as its nodes know.
//
// A node counts by credential ([Record]) and by client ([Client]). [Merge] adds up what the nodes of a group say, and
// [NewGroup] puts it beside what the group accepts. [Find] asks of a credential that is to end whom that would lock out;
// what is not known counts as use.
package usage
