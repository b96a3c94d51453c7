package trial

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// tailLimit is how old a write may be that is lost as one of the last moments.
const tailLimit = time.Second

// sum counts what the clients have seen.
func (r *run) sum(result *Result) {
	result.Notes = append(result.Notes, r.notes...)
	result.Problems = append(result.Problems, r.problems...)
	result.PrimaryBefore = r.before.primary
	result.ControlPlaneDeaths = r.group.plane.died()
	writes, failures := r.writers.read()
	seen, _ := r.referee.ledger.read()
	result.Acknowledged = len(writes) + len(seen)
	gap, _ := longestGap(writes, r.at)
	result.Gap = milliseconds(gap)
	for _, l := range r.referee.lanes {
		result.Refused += l.refused.Load()
	}
	lane := slices.DeleteFunc(slices.Clone(seen), func(w Write) bool { return w.Client != endpointLane })
	gap, _ = longestGap(lane, r.at)
	result.RefereeGap = milliseconds(gap)
	for _, name := range r.names {
		result.Writers = append(result.Writers, r.sumWriter(name, writes, failures))
	}
	double := doublePrimaries(seen)
	result.DoublePrimaries = len(double)
	for i, w := range double {
		if i < 5 {
			result.Notes = append(result.Notes, fmt.Sprintf("double primary: %s took write %d at %s, sent %.3f ms after the fault and acknowledged at %.3f ms",
				w.Process, w.Sequence, w.Client, milliseconds(w.Sent.Sub(r.at)), milliseconds(w.Acked.Sub(r.at))))
		}
	}
	r.sumChange(result, lane)
}

// loopback matches addresses in error texts, to tell texts apart by the rest.
var loopback = regexp.MustCompile(`127\.[0-9.]+:[0-9]+`)

func (r *run) sumWriter(name string, writes []Write, failures []Failure) Writer {
	mine := byClient(writes)[name]
	gap, _ := longestGap(mine, r.at)
	w := Writer{Name: name, Acknowledged: len(mine), Gap: milliseconds(gap)}
	for _, f := range failures {
		if f.Client != name {
			continue
		}
		w.Errors++
		if text := loopback.ReplaceAllString(f.Text, "address"); !slices.Contains(w.Texts, text) && len(w.Texts) < 10 {
			w.Texts = append(w.Texts, text)
		}
	}
	return w
}

// sumChange finds the moment at which another process took a write at the endpoint.
func (r *run) sumChange(result *Result, lane []Write) {
	old := r.before.process[r.before.primary]
	for _, w := range lane {
		if w.Process == old {
			continue
		}
		result.WriteAfter = milliseconds(w.Acked.Sub(r.at))
		if died := r.process(r.before.primary).died.Load(); died != 0 {
			result.DiedBefore = milliseconds(w.Acked.Sub(Instant(died)))
		}
		return
	}
}

// judge reads everything back and finds what is wrong. What needs a whole group is left
// out for one that is not.
func (r *run) judge(ctx context.Context, result *Result, after state, whole bool) error {
	r.judgeClients(result)
	result.PrimaryAfter = after.primary
	var err error
	if result.Receipts, err = r.group.receipts(ctx); err != nil {
		result.Notes = append(result.Notes, err.Error())
	}
	if !whole {
		return nil
	}
	r.judgePrimary(result, after)
	result.Problems = append(result.Problems, r.judgeReceipts(result)...)
	return r.judgeData(ctx, result, after)
}

func (r *run) judgeClients(result *Result) {
	if result.DoublePrimaries > 0 {
		result.problem("%d writes were acknowledged by a process after a later primary had taken over", result.DoublePrimaries)
	}
	for _, w := range result.Writers {
		if w.Errors > 0 && !r.fault.Errors {
			result.problem("%s got %d errors: %q", w.Name, w.Errors, w.Texts)
		}
	}
	if r.fault.Point != "" && result.ControlPlaneDeaths == 0 {
		result.problem("the control plane never came to %s", r.fault.Point)
	}
	if result.DiedBefore < 0 {
		result.problem("the new primary took a write %.3f ms before the old one was dead", -result.DiedBefore)
	}
}

func (r *run) judgePrimary(result *Result, after state) {
	switch {
	case r.wanted != "" && after.primary != r.wanted:
		result.problem("%s is the primary, want %s", after.primary, r.wanted)
	case len(r.fault.Causes) > 0 && after.primary == r.before.primary:
		result.problem("%s is the primary still", after.primary)
	case len(r.fault.Causes) == 0 && after.primary != r.before.primary:
		result.problem("%s is the primary, though nothing called for a failover", after.primary)
	}
}

// judgeData compares what was acknowledged with what is there, on every node.
func (r *run) judgeData(ctx context.Context, result *Result, after state) error {
	writes, _ := r.writers.read()
	seen, _ := r.referee.ledger.read()
	all := slices.Concat(writes, seen)
	lost, err := r.lostAt(ctx, result, after.primary, all) // at once: it decides what is lost
	if err != nil {
		return err
	}
	if err := r.group.awaitReplicas(ctx, after.primary); err != nil {
		return err
	}
	result.Lost = len(lost)
	result.Found = len(all) - len(lost)
	r.judgeLoss(result, all, lost)
	r.judgeNode(result, after.primary, true, len(all), len(lost))
	for node := range after.process {
		if node == after.primary {
			continue
		}
		differ, err := r.lostAt(ctx, nil, node, all)
		if err != nil {
			return err
		}
		r.judgeNode(result, node, false, len(all), len(differ))
		if len(differ) != len(lost) {
			result.problem("%s misses %d acknowledged writes, the primary %d", node, len(differ), len(lost))
		}
	}
	return nil
}

// lostAt returns the writes that a node does not have. Of the primary the lists are
// looked at too, for the result.
func (r *run) lostAt(ctx context.Context, result *Result, node string, all []Write) (map[Write]bool, error) {
	h, err := r.group.readBack(ctx, node, all, r.names)
	if err != nil {
		return nil, err
	}
	lists := map[string]map[int]bool{}
	for _, name := range r.names {
		lists[name] = map[int]bool{}
		for _, n := range h.lists[name] {
			lists[name][n] = true
		}
		if again, late := order(h.lists[name]); result != nil {
			result.Twice += again
			if late > 0 {
				result.problem("%d elements of the list of %s come after later ones", late, name)
			}
		}
	}
	lost := map[Write]bool{}
	for _, w := range all {
		if !h.has(w, lists) {
			lost[w] = true
		}
	}
	return lost, nil
}

func (r *run) judgeLoss(result *Result, all []Write, lost map[Write]bool) {
	oldest := r.at
	for w := range lost {
		oldest = min(oldest, w.Acked)
		for i := range result.Writers {
			if w.Process == "" && result.Writers[i].Name == w.Client {
				result.Writers[i].Lost++
			}
		}
	}
	result.LostOldest = milliseconds(r.at.Sub(oldest))
	switch {
	case len(lost) == 0:
	case r.fault.Loss == LossNone:
		result.LostWrongly = len(lost)
		result.problem("%d acknowledged writes are lost", len(lost))
	case r.fault.Loss == LossTail && r.at.Sub(oldest) > tailLimit:
		result.LostWrongly = len(lost)
		result.problem("a lost write was acknowledged %s before the fault", r.at.Sub(oldest))
	}
	if n := scattered(all, func(w Write) bool { return lost[w] }, 1); n > 0 {
		result.problem("what was lost is not one run of writes of each client (%d runs too many)", n)
	}
}
