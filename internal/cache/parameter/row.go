package parameter

import (
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// Source says who chose a value.
type Source string

// The sources. The original's API knows a third, engine-default, which nothing that is published has.
const (
	SourceSystem Source = "system"
	SourceUser   Source = "user"
)

// ParseSource reads the filter of a list; empty: nothing is left out. The error is of [cache.KindInvalid].
func ParseSource(text string) (Source, error) {
	switch s := Source(strings.ToLower(text)); s {
	case "", SourceSystem, SourceUser, "engine-default":
		return s, nil
	}
	return "", cache.Errorf(cache.KindInvalid, "The parameter Source must be one of: user, system, engine-default.")
}

// Row is a parameter as a group has it.
type Row struct {
	*Parameter
	Value      *string // nil: it has none
	Source     Source
	Modifiable bool
	Since      string // version of the engine
}

// Rows are the parameters of the group. used says that caches use it.
func (g *Group) Rows(used bool) []Row {
	f := g.family()
	rows := make([]Row, len(f.Parameters))
	for i := range f.Parameters {
		p := &f.Parameters[i]
		rows[i] = Row{Parameter: p, Source: SourceSystem, Since: f.Since(p), Modifiable: p.Access == Free || g.settable(p, used)}
		if value, ok := g.Value(p.Name); ok {
			rows[i].Value = &value
		}
		if _, ok := g.Values[p.Name]; ok {
			rows[i].Source = SourceUser
		}
	}
	return rows
}

// FamilyOf is the group's family.
func (g *Group) FamilyOf() *Family { return g.family() }
