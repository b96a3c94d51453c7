// Bench measures aikagi beside a bare engine, and writes down what it found.
//
//	go run ./bench                 everything, for every engine that is installed
//	go run ./bench -quick          the same in less than two minutes, nothing written
//	go run ./bench -only rotate    one benchmark, nothing written
//	go run ./bench -table          the table of the newest results
//
// A complete run leaves bench/results/<date>-<engine>.json with every sample and a
// description of the machine, and bench/results/latest.md with the table.
//
// What depends on the machine is measured as a ratio: a group of ours and a bare
// engine process with the same certificate type and settings take turns, and the
// median of the ratios of neighbours counts, so that what else the machine does hits
// both.
package main
