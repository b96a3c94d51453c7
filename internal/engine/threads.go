package engine

// mostIOThreads is how many an engine makes use of.
const mostIOThreads = 8

// IOThreads is how many threads a node reads from and writes to its clients with, its main thread among them (the setting io-threads): of a node
// type with so many vCPUs, on a machine with so many processors. The original's enhanced I/O begins at 4 vCPUs, and the engines advise
// against it on fewer than 4 processors. Two are left over, for the threads that save and free memory in the background, and for the kernel's part in
// the traffic. An engine takes the number when it starts, and not while it runs.
//
// Source: ElastiCache User Guide, "Enhanced I/O"; redis.conf and valkey.conf, "THREADED I/O", whose figures for 4 and for 8 processors these are.
func IOThreads(vcpus, processors int) int {
	usable := min(vcpus, processors)
	if usable < 4 {
		return 1
	}
	return min(usable-2, mostIOThreads)
}
