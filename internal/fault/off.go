//go:build !faults

package fault

// Enabled reports whether this build can be told to kill itself.
const Enabled = false

// Point does nothing in an ordinary build.
func Point(string) {}
