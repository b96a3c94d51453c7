// Package doctor examines a machine and reports what would keep aikagi from running
// well on it, and how to fix each problem. It changes nothing: what a check has to
// try out (binding an address, creating a file) it undoes at once.
//
// A check is a small function from what was seen to findings. Everything that reads the
// system is in [System], so that a test can show each finding; [Local] is this
// machine. Finding the engines is not done here, nor asking a control plane about its caches: the caller passes what it found.
package doctor
