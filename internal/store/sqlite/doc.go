// Package sqlite is the default store: one SQLite file, embedded, in WAL mode. An
// Update is on the disk when it returns (synchronous=FULL), so it survives a kill
// and a loss of power. One with [store.WithDeferredSync] is in the log only (synchronous=NORMAL), and on the disk when the
// next one is: the log is synced as a whole, so no Update can be there that lacks one before it.
//
// # Connections
//
//	Update ──▶ writer (one connection, BEGIN IMMEDIATE) ──▶ FILE-wal ──▶ FILE
//	View   ──▶ readers (a few, query_only) ◀────────────────────┘─────────┘
//
// Readers never wait for the writer, nor the writer for them. Updates have their turns in the order in which they were
// asked for, and so have Views, so nobody waits longer than those before him take.
//
// # A full disk
//
// Who is the primary must be written down on a full disk, too. So the log and its index keep their files when the store
// is closed, the log has a megabyte of space from the beginning, which SQLite writes over again and again,
// and the file has some pages that are free. Updates with [store.WithReserve] go on within that: when the log
// is at its end, its pages are moved into the file, where they have their places. All other Updates are
// refused as soon as the disk is full ([disk.RoomNeeded]), or the reserve would go to whoever asks first.
// [Store.Reserve] keeps back again what was used.
//
// # Tables
//
// objects has what is of a kind, whole, as JSON. claims and refs are indexes over the bodies, and the place where
// uniqueness is enforced and where it is seen that something is in use; they change only together with the body.
// entries has what is in the logs. It refers to no object: what came to pass outlives whom it was about.
//
// Invariants:
//
//   - The file appears under its name complete and migrated, so an empty file is
//     damage and never a new store.
//   - Nothing is written to a file that is damaged, that another program made, or
//     that a newer release wrote; that is checked on a read-only connection first.
//   - The first unexpected error of a transaction ends it: SQLite may have rolled
//     back by itself, and a statement after that would commit alone.
//   - The file and what SQLite puts beside it are readable by their owner only,
//     because digests of tokens are in them.
package sqlite
