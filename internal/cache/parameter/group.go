package parameter

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Limits.
//
// Source: ElastiCache User Guide, "Quotas"; API reference, ModifyCacheParameterGroup.
const (
	GroupsMax  = 300 // of one region
	changesMax = 20  // of one call
)

// Group is a parameter group.
type Group struct {
	Name        string            `json:"name"`
	Family      string            `json:"family"`
	Description string            `json:"description"`
	Values      map[string]string `json:"values,omitempty"` // that somebody set, also to the default
	Tags        cache.Tags        `json:"tags,omitempty"`
	CreatedAt   time.Time         `json:"created_at"`

	Revision int64 `json:"-"` // the store's
}

// Spec is what is asked for when a group is created.
type Spec struct {
	Name, Family, Description string
	Tags                      []cache.Tag
}

// Setting is a parameter with the value that it is to have.
type Setting struct{ Name, Value string }

// New makes a group, not stored yet. The error names all that is wrong; it is of [cache.KindInvalid] or [cache.KindQuota].
func New(spec Spec, now time.Time) (*Group, error) {
	tags, tagFault := cache.Tags{}.With(spec.Tags)
	g := &Group{Name: strings.ToLower(spec.Name), Family: strings.ToLower(spec.Family), Description: spec.Description, Tags: tags, CreatedAt: now}
	_, familyFault := FindFamily(spec.Family)
	return g, cache.Join(CheckName(spec.Name), familyFault, tagFault)
}

// clusterSuffix is what the default groups of cluster mode end in.
const clusterSuffix = ".cluster.on"

// Default returns the default group of a name; nil: it is the name of none.
func Default(name string) *Group {
	family, ok := strings.CutPrefix(name, "default.")
	family, clusterMode := strings.CutSuffix(family, clusterSuffix)
	f := familyNamed(family)
	switch {
	case !ok || f == nil || clusterMode && !f.HasClusterMode():
		return nil
	case clusterMode:
		return &Group{Name: name, Family: family, Description: "Customized default parameter group for " + family + " with cluster mode on"}
	}
	return &Group{Name: name, Family: family, Description: "Default parameter group for " + family}
}

// IsDefault reports whether a name can only be that of a default group.
func IsDefault(name string) bool { return strings.HasPrefix(name, "default.") }

// Defaults are all default groups, in the order of their names.
func Defaults() []*Group {
	var all []*Group
	for _, f := range catalogue() {
		all = append(all, Default("default."+f.Name))
		if f.HasClusterMode() {
			all = append(all, Default("default."+f.Name+clusterSuffix))
		}
	}
	slices.SortFunc(all, func(a, b *Group) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// IsDefault reports whether the group is one of the service's own, which nobody can change.
func (g *Group) IsDefault() bool { return IsDefault(g.Name) }

// family is never nil: a group is only made of one that exists, and none is ever taken out of the catalogue.
func (g *Group) family() *Family { return familyNamed(g.Family) }

// Value is what a parameter is in the group; it is not there if the group has no such parameter, or that has no value.
func (g *Group) Value(name string) (value string, ok bool) {
	if value, ok := g.Values[name]; ok {
		return value, true
	}
	if name == clusterEnabled && g.IsDefault() && strings.HasSuffix(g.Name, clusterSuffix) {
		return "yes", true
	}
	p := g.family().Parameter(name)
	if p == nil || p.Default == nil {
		return "", false
	}
	return *p.Default, true
}

// Modify sets parameters. used says that caches use the group. The group is changed as a whole or not at all. Errors are of
// [cache.KindInvalid] and [cache.KindCombination].
func (g *Group) Modify(settings []Setting, used bool) error {
	if err := g.checkChange(len(settings)); err != nil {
		return err
	}
	next := maps.Clone(g.Values)
	if next == nil {
		next = map[string]string{}
	}
	var faults []error
	for _, s := range settings {
		s.Name = strings.ToLower(s.Name)
		if err := g.checkSetting(s, used); err != nil {
			faults = append(faults, err)
			continue
		}
		if is, _ := g.Value(s.Name); is == s.Value && !g.settable(g.family().Parameter(s.Name), used) {
			continue // it is so already
		}
		next[s.Name] = s.Value
	}
	if err := cache.Join(faults...); err != nil {
		return err
	}
	if _, asked := next[reservedMemory]; asked && slices.ContainsFunc(settings, func(s Setting) bool { return strings.EqualFold(s.Name, reservedMemory) }) {
		delete(next, reservedPercent)
	}
	g.Values = next
	return nil
}

// checkSetting refuses what a parameter cannot be set to. What it is already is always allowed: configurations name it.
//
// Source: the answer is quoted in cloudposse/terraform-aws-elasticache-redis issue 212.
func (g *Group) checkSetting(s Setting, used bool) error {
	p := g.family().Parameter(s.Name)
	if p == nil {
		return missing(s.Name)
	}
	if is, ok := g.Value(s.Name); ok && is == s.Value {
		return nil
	}
	if !g.settable(p, used) {
		return cache.Errorf(cache.KindInvalid, "The parameter %s cannot be modified.", p.Name)
	}
	return p.Check(s.Value)
}

func (g *Group) settable(p *Parameter, used bool) bool {
	return !g.IsDefault() && (p.Access == Free || p.Access == Once && !used)
}

// Reset gives parameters the values of the family again: all of them, or those that are named. Errors are those of Modify.
func (g *Group) Reset(all bool, names []string, used bool) error {
	if all == (len(names) > 0) {
		return cache.Errorf(cache.KindCombination, "Either ResetAllParameters or ParameterNameValues must be given, and not both.")
	}
	if all {
		names = slices.Sorted(maps.Keys(g.Values))
		if err := g.checkOwn(); err != nil {
			return err
		}
	} else if err := g.checkChange(len(names)); err != nil {
		return err
	}
	next := maps.Clone(g.Values)
	var faults []error
	for _, name := range names {
		name = strings.ToLower(name)
		p := g.family().Parameter(name)
		switch is, _ := g.Value(name); {
		case p == nil:
			faults = append(faults, missing(name))
		case p.Access == Once && used && (p.Default == nil || *p.Default != is):
			faults = append(faults, cache.Errorf(cache.KindInvalid, "The parameter %s cannot be modified.", name))
		}
		delete(next, name)
	}
	if err := cache.Join(faults...); err != nil {
		return err
	}
	g.Values = next
	return nil
}

// Source: terraform-provider-aws, which knows the text.
func missing(name string) error {
	return cache.Errorf(cache.KindInvalid, "Parameter %s doesn't exist", cache.QuoteName(name))
}

func (g *Group) checkChange(count int) error {
	switch {
	case g.IsDefault():
	case count == 0:
		return cache.Errorf(cache.KindInvalid, "The parameter ParameterNameValues must be provided.")
	case count > changesMax:
		return cache.Errorf(cache.KindInvalid, "At most %d parameters can be given in one call.", changesMax)
	}
	return g.checkOwn()
}

// checkOwn refuses to change a default group.
//
// Source: floci pull request 2392.
func (g *Group) checkOwn() error {
	if g.IsDefault() {
		return cache.Errorf(cache.KindInvalid, "The parameter group %s is a default group and cannot be modified.", g.Name)
	}
	return nil
}

// ChangeTags changes the group's tags. A default group can have none; the error is of [cache.KindInvalid].
func (g *Group) ChangeTags(change func(cache.Tags) (cache.Tags, error)) error {
	if g.IsDefault() {
		return cache.Errorf(cache.KindInvalid, "The parameter group %s is a default group and cannot have tags.", g.Name)
	}
	next, err := change(g.Tags)
	if err == nil {
		g.Tags = next
	}
	return err
}

// CheckCount refuses one more group than there can be; the error is of [cache.KindQuota].
func CheckCount(there int) error {
	if there >= GroupsMax {
		return cache.ResourceErrorf(cache.KindQuota, cache.ResourceParameterGroup, "There can be at most %d cache parameter groups.", GroupsMax)
	}
	return nil
}

// Changes are the parameters that have another value than before, with the value that they have now; empty: they have none.
func (g *Group) Changes(before *Group) map[string]string {
	changed := map[string]string{}
	for _, p := range g.family().Parameters {
		old, _ := before.Value(p.Name)
		if value, _ := g.Value(p.Name); value != old {
			changed[p.Name] = value
		}
	}
	return changed
}
