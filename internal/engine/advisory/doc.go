// Package advisory knows the holes of engine releases that matter to a service
// that others connect to, and tells which of them the installed engine has.
//
// The table is part of the program, so that the answer needs no network; it knows
// what was published when the program was built and is not a complete list. An
// engine without a finding is an engine without a *known* hole.
//
// Distributions mend old releases without changing their version, so the version
// alone condemns too much. Whether a distribution's package has a fix is read off
// its Debian version where the table knows it, and is left open ([Unclear])
// where it does not. It is pure: no I/O, no clock.
package advisory
