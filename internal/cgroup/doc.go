// Package cgroup divides the processors among nodes with control groups of Linux, version 2: each node's process is in a group of its own, whose
// weight (cpu.weight) follows from the vCPUs of the node's type. When processors are scarce a node gets them by its weight; when they
// are not, it can use all of them. Nothing else is limited.
//
// # Where the groups are
//
// They are children of the group that this process is in, whoever gave it that: a systemd unit with Delegate=cpu, a container with a
// writable /sys/fs/cgroup, or the root of the hierarchy.
//
//	…/aikagi.service                     domain threaded   the control plane, and what systemd starts in the unit later
//	├─ aikagi-node-shop-001.4f7…         threaded          a node's process and what it forks
//	└─ aikagi-node-shop-002.91c…         threaded
//
// # Threaded, so that the control plane can stay where it is
//
// A group whose children are given out domain controllers must have no processes itself. The control plane would have to move to a child, and systemd could
// start no new one in the unit while the engines of the one before live on: a kill -9 would keep it down. Threaded groups do not know that
// rule, and cpu is a controller that they can have. memory is not, which is one reason for its absence here. The other ones: a node's data has a
// limit already (maxmemory); what it needs beyond, for writes while it saves and for slow clients, can be as much again; and a group that reaches memory.high is
// slowed down until it looks like a node that hangs, one that reaches memory.max is killed.
//
// Source: Linux, Documentation/admin-guide/cgroup-v2.rst, "Threads", "No Internal Process Constraint", "CPU".
//
// # Invariants
//
//   - Nothing is kept of it but the groups themselves. Every call may be repeated, and a kill -9 between any two leaves a group that the next
//     call for the node uses, or that [Open] removes.
//   - A group is removed only while it is empty, which the kernel checks. So nobody removes one that somebody else has just filled, and a
//     group that vanishes before it is filled is made again.
package cgroup
