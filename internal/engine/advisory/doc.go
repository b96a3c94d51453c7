// Package advisory knows the security holes of engine releases that matter to a service
// that others connect to, and reports which of them the installed engine has.
//
// The table is part of the program, so that the answer needs no network; it knows
// what was published when the program was built and is not a complete list. An
// engine without a finding is an engine without a *known* hole.
//
// Distributions fix old releases without changing their version, so the version
// alone would report too much. The Debian version tells whether a distribution's package
// has a fix, if the table knows it; otherwise the question is left open ([Unclear]). It is pure: no I/O, no clock.
package advisory
