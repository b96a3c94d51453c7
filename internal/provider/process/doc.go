// Package process is the provider that runs engines as processes of this machine.
// It needs Linux 5.10 or newer; elsewhere [New] returns an error.
//
// # A node on disk
//
// A node is the directory <Dir>/<node>, mode 0700:
//
//	engine.log, engine.log.1, …   the engine's log; renamed when it grows too long
//	start.log                     what the process printed since its last start
//	admin.sock                    opened by the engine
//	.incarnation                  of the last start, written before it
//	.saved                        the last process saved its data; removed before a start
//	.install/                     files on their way in; left over only by a crash
//	…                             what the caller installed and what the engine saved
//
// <Dir>/.removed-<node> is a directory on its way out. Nothing runs in it, List does
// not show it, and New finishes its removal.
//
// # Which process is the node's
//
// No file holds a process id: it would be wrong as soon as the control plane is
// killed between a start and the write, or after the id was used again. Instead each
// process inherits as descriptor 3 its node's directory, with an exclusive flock(2)
// on it, and so do the children it forks, such as the engine's snapshot writers:
//
//   - The lock is free if and only if no process of the node lives, at any moment: also
//     between fork and exec, also when the control plane was killed there. Start takes
//     the lock first, so two processes never run in one directory.
//   - The descriptor names the process: the one whose descriptor 3 is the directory
//     and that leads a session is the node's, the others are its children. The working
//     directory would not do: a shell that somebody opened there has the same.
//
// Looking through /proc is needed only to find who holds a lock: when a provider is
// opened, and when a process died and left children behind. Those are killed before the end of
// the process is told, because the engine's snapshot writer renames its file over the
// node's data when it is done, which could by then be newer.
//
// # Whom a node runs as
//
// Without [Options.OwnUsers] it runs as we do. With it, and as root, it runs as [OwnUser] of its group, with no
// capability and no other group of the system; nodes of one group, which have the same data, run as the same user, because the system
// lets only processes of one user share an address. Its directory and all in it belong to that user from the start of a
// process on; Install gives files to whoever owns the directory, which is whom the process that may be reading
// them runs as. The directories above stay ours, mode 0700: the process enters by descriptor 3.
//
// # Signals and ends
//
// Processes are signalled, and their ends seen, through a pidfd, which a process that
// got the same id later cannot be mistaken for, and which tells a zombie from
// a living process. The runtime's poller watches the descriptors: a process costs a
// parked goroutine, not a thread. The exit status of a process that another control plane
// started went to its parent and stays unknown.
//
// # Invariants
//
//   - At most one process leads each node, whatever was killed and when.
//   - One Provider per Dir: it holds a lock on Dir from New until Run returns.
//   - Calls about one node that change its files or start it take turns. Stop and Kill
//     do not queue for a process that is known: a fence never waits for a slow disk or
//     for a Stop in progress.
//   - [provider.Exit] is sent after the state changed and before Stop, Kill and Remove return.
package process
