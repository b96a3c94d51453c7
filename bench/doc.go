// Bench measures aikagi beside a bare engine, and writes down what it found.
//
//	go run ./bench                 everything, for every engine that is installed
//	go run ./bench -quick          the same in a few minutes, nothing written
//	go run ./bench -only rotate    one benchmark, or several with commas
//	go run ./bench -program FILE   another binary of aikagi than what this source builds
//	go run ./bench -table          the table of the newest results
//
// scripts/compare.sh has the benchmarks of two commits take turns, and go run ./bench -compare prints what they measured side
// by side.
//
// A run leaves bench/results/<date>-<engine>.json with every sample and a description of
// the machine (with the benchmarks' names behind, if not all were run), and
// bench/results/latest.md with the table of the newest of each measurement.
//
// What depends on the machine is measured as a ratio: a group of ours and a bare
// engine process with the same certificate type and settings take turns, and the
// median of the ratios of neighbours counts, so that what else the machine does hits
// both.
//
// Failovers are measured beside Redis Sentinel, with the same client library, TLS
// settings and replicas, as a client sees them: from the signal that kills or stops a
// primary to the next acknowledged write, and as the longest time between two
// acknowledged writes around a change of roles that was asked for. What a client
// was acknowledged is looked for afterwards; what is gone is counted.
package main
