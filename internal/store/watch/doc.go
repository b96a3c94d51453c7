// Package watch is a [store.Store] that tells who is interested which groups were
// written, so that nobody has to poll it. What it promises:
//
//   - A change is told after its commit succeeded: whoever reads then sees it, or what came
//     after it. What was rolled back, or was to be tried again, is not told.
//   - A subscription hears of every commit that ends after Subscribe returned. Whoever
//     subscribes first and reads everything then misses nothing. Therefore writes are noted
//     also while nobody subscribes: an Update that runs then may end later. That is a
//     slice of keys for each Update, beside a commit to a disk.
//   - Nobody who listens holds a commit up, however slow: changes that were not taken are
//     a set, and one of too many keys becomes "everything".
//   - Only what goes through this Store is told. It is the only one of its process, and
//     the data directory's lock keeps other processes away.
//
// Receipts of failovers and rotations are not told of: each is stored in one transaction
// with its group.
package watch
