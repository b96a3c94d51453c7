package intake

import "syscall"

// Connections is how many connections a listener may have: at most so many, and no more than one in
// part of the descriptors that this process may open. (The Go runtime raises the soft limit to the hard one.)
func Connections(most, part int) int {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil || files.Cur/uint64(part) > uint64(most) {
		return most
	}
	return max(int(files.Cur)/part, 1)
}
