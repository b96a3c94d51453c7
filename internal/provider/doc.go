// Package provider is where engine processes run. A provider knows nodes by name,
// gives each a private directory, starts and ends its process, and tells when one
// ends. It knows nothing of caches: what is in the files, which role a node has
// and whether it should be running at all is decided by its caller. Where nodes run and
// at which addresses they can be reached is the provider's business: a launch names an engine's
// version and no program, and addresses are proposed by the provider.
//
// Processes outlive the control plane. A provider that is opened anew finds the
// processes that an earlier one started and supervises them as if it had.
//
// The life of a node, as [State] shows it:
//
//	           Install             Start                      process ends
//	(absent) ───────────▶ stopped ───────▶ running ─────────────────────────┐
//	    ▲                  ▲  ▲             │     │                          │
//	    │ Remove           │  │ Kill        │Stop │ Stop                     │
//	    └──────────────────┤  └─────────────┘     ▼                          │
//	                       │                  stopping ── process ends ──▶ stopped
//	                       └─────────────────────────────────────────────────┘
//	                                     Crashes counts ends that nobody asked for
//
// What only some providers can tell is a capability: [ActivityTeller], [RoomTeller], [OccupancyTeller], [Holder],
// [Sealer], [ProcessorTeller], [Sharer].
//
// Package providertest is the specification, a suite that every implementation
// passes. Package process is the default: this machine. Package simulated has nodes in memory.
package provider
