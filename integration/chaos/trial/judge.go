package trial

import (
	"slices"
	"time"
)

// doublePrimaries returns the writes that were sent after a later primary had
// acknowledged one, and were acknowledged by an earlier one. Which primary is the
// later one is told by the first write that each acknowledged.
func doublePrimaries(writes []Write) []Write {
	first := map[string]Instant{}
	for _, w := range writes {
		if at, known := first[w.Process]; !known || w.Acked < at {
			first[w.Process] = w.Acked
		}
	}
	var double []Write
	for _, w := range writes {
		for process, began := range first {
			if process != w.Process && began > first[w.Process] && w.Sent > began {
				double = append(double, w)
				break
			}
		}
	}
	return double
}

// longestGap is the longest time between two writes that were acknowledged one after
// the other, of those that end after from. writes are in the order of Acked.
func longestGap(writes []Write, from Instant) (longest time.Duration, ended Instant) {
	for i := 1; i < len(writes); i++ {
		if gap := writes[i].Acked.Sub(writes[i-1].Acked); writes[i].Acked > from && gap > longest {
			longest, ended = gap, writes[i].Acked
		}
	}
	return longest, ended
}

// scattered counts how often a client's lost writes are followed by one that was kept
// and then by another lost one. What a change of primary loses is the end of what the
// old one took, so there is one run of lost writes for each change.
func scattered(writes []Write, lost func(Write) bool, changes int) int {
	runs := 0
	for _, mine := range byClient(writes) {
		slices.SortFunc(mine, func(a, b Write) int { return a.Sequence - b.Sequence })
		own, before := 0, false
		for _, w := range mine {
			is := lost(w)
			if is && !before {
				own++
			}
			before = is
		}
		runs += max(0, own-changes)
	}
	return runs
}

func byClient(writes []Write) map[string][]Write {
	clients := map[string][]Write{}
	for _, w := range writes {
		clients[w.Client] = append(clients[w.Client], w)
	}
	return clients
}

// order looks at a list that one writer appended to: how many elements are there
// again, and how many first come after a later one.
func order(elements []int) (again, late int) {
	seen := map[int]bool{}
	newest := -1
	for _, e := range elements {
		switch {
		case seen[e]:
			again++
		case e < newest:
			late++
		}
		seen[e] = true
		newest = max(newest, e)
	}
	return again, late
}
