// Chaos puts real replication groups through faults, with clients writing all the
// time, and writes down what became of every acknowledged write.
//
//	go run ./integration/chaos                        everything, with every engine that is installed
//	go run ./integration/chaos -list                  the faults
//	go run ./integration/chaos -only planned,…        some of them; nothing is written
//	go run ./integration/chaos -engine valkey         one engine; nothing is written
//	go run ./integration/chaos -rounds 3              each fault three times
//	go run ./integration/chaos -runs 100 -busy 6      a hundred runs beside six busy loops, all faults in turn
//
// A complete run leaves integration/chaos/results/latest.md with the verdicts, and
// latest.json with all that was measured. With -runs it leaves runs.md: how much was lost, whether a replica was read
// too early, how late replicas were, and how many writes were judged where. The exit status is 1 if a verdict is not a
// pass. See the package trial for what is judged.
package main
