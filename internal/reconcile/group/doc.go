// Package group makes replication groups what the store says they should be: it
// starts and stops nodes, gives each its role, its access rules, its certificate and
// its addresses, replaces a primary that is lost, proves that clients can log in as they
// should, and only then lets the group read available.
//
// # How it decides
//
// [Reconciler.Reconcile] repeats four steps until there is nothing left to do:
//
//	read the group ─▶ observe its nodes ─▶ Plan (pure) ─▶ carry the steps out
//	      ▲                                                      │
//	      └──────────────────────────────────────────────────────┘
//
// [Plan] is a function of the stored group, what was observed, and the time. It
// gives each node at most one step; the steps of a plan touch different nodes, so
// they run side by side. What a step did is seen by the next observation, never
// remembered: a control plane that was killed between any two steps goes on where
// it was, because the next plan is made from what is there. For the same reason a
// plan may be broken off when a node is lost ([Reconciler.Interrupt]): nothing waits for
// what no longer matters.
//
// A node passes through these conditions; each names the step that leaves it:
//
//	without an address ──GiveAddresses──▶ absent
//	absent or stopped ──StartNode──▶ starting ──(answers)──▶ serving
//	serving, old process     ──StopNode──▶ stopped
//	serving, wrong role      ──Replicate, Promote──▶
//	serving, wrong access    ──ApplyAccess──▶      (tokens, or the users of a user group)
//	serving, other users noted ──NoteUsers──▶      every node of every cache of theirs ──▶ they are active
//	serving, wrong memory    ──SetMemory──▶
//	serving, wrong parameters ──SetParameters──▶ (or ──NoteRefused──▶)
//	serving, old certificate ──RenewCertificate──▶
//	serving, wrong addresses ──Listen──▶
//	serving, replica without the newest data ──(waits)──▶
//	right in every way       ──Prove──▶ proven     every node proven ──▶ settle
//	every node with the parameters of a change ──NoteParameters──▶
//	settled, ticking fast    ──SetTick──▶ idle
//	hanging                  ──NoteHang──▶ ──KillNode──▶ stopped
//	stopped, cannot start    ──NoteFault──▶ stopped, and the group says why
//	stopped, damaged data    ──SetSnapshotAside──▶ stopped
//	leaving the group        ──RemoveNode──▶ absent
//
// # A replica's door
//
// The door of a node is its own address; the reader endpoint follows the doors of the replicas. Package lag says
// how late a replica is, in time. There are two bounds, so that a door does not flap:
//
//	            has what the primary had 100 ms ago (caughtUpWithin), and the
//	            primary itself says that it sends it what is new
//	closed ───────────────────────────────────────────────────────────────────▶ open
//	  ▲ │                                                                        │
//	  │ └── NoteCaughtUp (store), then Listen, if it was behind                  │
//	  │                                                                          │ lacks what the primary had 5 s ago
//	  │       Listen: its addresses are closed, and the connections              │ (lag.Limit), and has for 2 s (lag.LongEnough)
//	  └────── of clients that came through them are ended ── NoteBehind (store) ◀┘
//
// While the primary does not answer, no replica counts as late, and doors stay as they are. The reader endpoint is given to another
// replica whose door is open, to the primary if there is none, and, if that does not answer, to
// any replica that was in sync once: some node always answers.
//
// A replica that is behind holds nothing up: its access rules are changed and compared, but no proof
// is made there, because no client can get in. A new one, or one that was restarted, does hold its group up
// until it has caught up, and so do all after a change of primary, for half a minute at the most.
//
// # Where addresses come from
//
// A group is stored without addresses. The provider proposes one for each node and endpoint, and all of them are written
// in one GiveAddresses, before a node starts that is to have one (address.go). The store's claims keep two groups from having
// the same; who comes second asks again. A creation for which there is none is given up, with the provider's sentence; a node
// that is added waits, with that sentence as its group's status reason, and keeps nothing else waiting.
//
// # Addresses that another program has
//
// While a node is down, nothing keeps another program from listening at its address. A vacant address that is occupied for
// longer than a fork's child can hold it is noted in the group (taken.go), with who has it; it is in no Listen and no Promote
// until it is free, for an engine that cannot open one of its addresses opens none. One looks again every 200 ms, and every
// second after a while: an error's growing delays would keep a node down long after the address is free.
//
// # Parameters
//
// A node's configuration has the values of its group's parameter group, and a running node is told of those that it has not. What it refuses,
// or does not know, is noted with the node and not asked for again, until the value or the engine is another one; nothing waits for it.
// A change of the parameter group is written to its users (Group.Parameters) in the same transaction, and is over when every node has it.
// Nodes that an earlier release has started get the defaults in the same way.
//
// # Crowds
//
// Clients can have all the connections of a node that they may have (crowd.go). That is noted, with who has most of them, and
// once more when a twentieth is free again; the group is looked at every 5 s in between. Nothing else depends on it: the
// service has places of its own.
//
// # A failover
//
// A primary can be lost at any time. Its successor is chosen only when it is
// certain that the old primary can no longer write:
//
//	crash (the provider tells)               hang (package health tells)
//	          │                                         │ NoteHang (store): from here on the
//	          │                                         ▼ node is not the primary any more
//	          │                                  KillNode (fence)
//	          ▼                                         │
//	the process is gone ◀───────────────────────────────┘
//	          │ every replica that was in sync has read to the end
//	          ▼
//	Elect (store): the replica with the highest offset
//	          ▼
//	Promote: REPLICAOF NO ONE, primary endpoint opened, a write tried ──▶ NoteSwitch (store)
//	          ▼
//	the others Replicate it; the lost node starts anew, as its replica
//	          ▼
//	all proven: settle, the receipt is closed
//
// A requested failover hands the role over while both nodes live (HandOver):
//
//	pause writes ─▶ equal offsets ─▶ old primary follows its ─▶ Promote ─▶ end the old one's ─▶ NoteSwitch
//	     │               │           successor, and leaves the             clients' connections   (store)
//	     │               │           endpoint
//	     └─ killed here: the pause   └─ killed here, or later: nobody takes writes, or
//	        ends by itself              the successor does. The next plan sees which.
//
// After it the group is left alone for a moment (clientsFirst): every client reconnects
// just then, and an engine has one thread for their handshakes and for its replicas'.
//
// A primary without automatic failover, or without a replica that was in sync,
// restarts in place, with the newest data that there is: a replica lends it its own.
//
// # A snapshot that cannot be loaded
//
// It keeps a node from starting, whatever its role: engines load it first. A node that is to
// copy its data from another one has its snapshot set aside. If the primary's is damaged and no process
// lives that has the data, replicas are started with theirs, without an address: they then have the
// data, and the two ways above go on (Elect, or LendData). Without any, the primary waits for
// somebody to ask for a start without it (replication.Group.Repair).
//
// # Invariants
//
//   - The store changes first. Nothing is done to a node that the store does not
//     call for. (A handover is called for; that it took place is noted after it.)
//   - Old data is not started while a process lives that may have newer data.
//   - At no moment do two nodes take writes. A successor is promoted only when the old
//     primary's process is gone or has said that it is a replica; a node that lends its
//     data has its clients' writes paused. A lost primary starts anew as a replica.
//   - A node serves no client before it is what it should be. Its process begins without
//     any address; its own is opened when it has the group's data, all but the last moment of it, and the rules of the
//     group's tokens, an endpoint's when its role calls for it and nobody else serves it.
//   - A node's access file is written before the process is told, and always before
//     a process starts.
//   - While a set of tokens changes, a credential that is in both the old and the new
//     set is accepted by every node at every moment.
//   - A group becomes available only by settle, which follows a proof on every node that clients can get
//     in to in the same plan, and is refused by the store if the group was changed since
//     it was read.
//   - A planned failover loses no acknowledged write. A failover after a loss may lose
//     what the old primary had acknowledged and not yet sent; its receipt says what
//     is known about that.
//
// To open or close an address the engine closes all of its listeners for some
// microseconds, in which a client may be refused. Open connections stay, except those to a replica that
// was found to be behind, and to a primary that has lost its role.
//
// # What a proof is
//
// On every node, over the network and TLS, as a client: a command without a token
// gets the answer that the set calls for, a token that nobody holds is refused, and
// the tokens of the change log in. Tokens are not stored, so they are known only to
// the control plane that was asked for the change ([Witness]); after a kill -9 in
// between, the next one proves the rest of this and compares the digests that the
// engine lists with those of the set instead. That a retired token is refused
// follows from the same list: no user but those of the set can log in.
package group
