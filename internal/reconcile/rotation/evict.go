package rotation

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/engine/advisory"
)

// evict ends a part of the connections that were opened with the old credential, chosen
// by chance, so that those of one client do not all end together. How many there are is
// asked anew each time: a restart of the control plane changes nothing.
func (r *Reconciler) evict(ctx context.Context, g *replication.Group, part float64) error {
	open, _ := r.Usage.Connections(ctx, g, g.Rotation.Old.String()) // a node that is away has its turn later
	if warning := killWarning(g.Version()); !warning.Empty() && len(open) > 0 && !g.Rotation.Noted(warning) {
		err := r.write(ctx, g, nil, rotation.Note(warning))
		if err != nil {
			return err
		}
	}
	var ended int64
	var errs []error
	for _, at := range open {
		ids := at.IDs
		rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] }) //nolint:gosec // only to spread them
		some := ids[:portion(len(ids), part)]
		if len(some) == 0 {
			continue
		}
		if err := r.Usage.End(ctx, at.Node, some); err != nil {
			errs = append(errs, fmt.Errorf("end connections of %s on %s: %w", g.Rotation.Old, at.Node.ID, err))
			continue
		}
		ended += int64(len(some))
	}
	if ended > 0 {
		errs = append(errs, r.write(ctx, g, nil, rotation.NoteEvicted(ended)))
	}
	return errors.Join(errs...)
}

// killHole is a use after free in CLIENT KILL of a connection with TLS.
const killHole = "CVE-2026-56684"

// killWarning is what the owner of a group must know before its connections are ended;
// empty: nothing.
func killWarning(v cache.EngineVersion) cache.Saying {
	for _, hole := range advisory.KnownHoles(string(v.Engine), v.Version, "") {
		if hole.ID == killHole {
			return cache.Say(cache.FactKillWarning, "version", v, "hole", killHole, "mended", strings.Join(hole.FixedIn, ", "))
		}
	}
	return cache.Saying{}
}

// portion is so many of n, at least sometimes one: what is less than one is left to chance.
func portion(n int, part float64) int {
	whole, rest := math.Modf(float64(n) * part)
	if rand.Float64() < rest { //nolint:gosec // the same
		whole++
	}
	return min(n, int(whole))
}
