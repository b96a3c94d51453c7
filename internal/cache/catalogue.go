package cache

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Alias has a version that is not installed served by one that is: redis 7.1 by redis 7.0.
type Alias struct {
	Of EngineVersion // as it is asked for
	By EngineVersion // a release
}

var aliasForm = regexp.MustCompile(`^(redis|valkey):(\d+\.\d+(?:\.\d+)?)=(redis|valkey):(\d+\.\d+)$`)

// ParseAlias reads an alias, as in redis:7.1=redis:7.0.
func ParseAlias(text string) (Alias, error) {
	m := aliasForm.FindStringSubmatch(strings.ToLower(text))
	if m == nil {
		return Alias{}, fmt.Errorf("alias of an engine version %q: want a form like redis:7.1=redis:7.0", text)
	}
	a := Alias{Of: EngineVersion{Engine(m[1]), m[2]}, By: EngineVersion{Engine(m[3]), m[4]}}
	if err := CheckVersionSpelling(a.Of.Engine, a.Of.Version); err != nil {
		return Alias{}, fmt.Errorf("alias of an engine version %q: %w", text, err)
	}
	if a.Of == a.By {
		return Alias{}, fmt.Errorf("alias of an engine version %q: both are the same", text)
	}
	return a, nil
}

func (a Alias) String() string {
	return fmt.Sprintf("%s:%s=%s:%s", a.Of.Engine, a.Of.Version, a.By.Engine, a.By.Version)
}

// Offer is a version that can be asked for, and what serves it.
type Offer struct {
	Asked EngineVersion `json:"asked"` // as it is asked for: redis 7.0
	Build EngineVersion `json:"build"` // that is installed: redis 7.0.15
}

// OfferOf is the offer of a build as what it is.
func OfferOf(build EngineVersion) Offer { return Offer{Asked: build.asAsked(), Build: build} }

// Aliased reports whether what serves is not what was asked for.
func (o Offer) Aliased() bool { return o.Asked != o.Build.asAsked() }

// AskedFor is what was asked for if something else serves it, else zero.
func (o Offer) AskedFor() EngineVersion {
	if o.Aliased() {
		return o.Asked
	}
	return EngineVersion{}
}

// originalPatches are what the original runs of releases that an alias may stand for.
//
// Source: answers quoted in crossplane-contrib/provider-aws issue 1617 (6.2.6) and pulumi/pulumi issue 13044 (7.0.7).
var originalPatches = map[EngineVersion]int{{EngineRedis, "6.2"}: 6, {EngineRedis, "7.0"}: 7}

// Full is the version as answers about a cache give it, with its patch: that of the build or, if it is not of the release that was asked for, what the
// original has. Tools compare it: Terraform's provider replaces a
// Redis before 7.0.5 to change its encryption in transit (internal/service/elasticache/replication_group.go, CustomizeDiff).
func (o Offer) Full() string {
	switch {
	case !o.Aliased():
		return o.Build.Version
	case strings.Count(o.Asked.Version, ".") == 1:
		return fmt.Sprintf("%s.%d", o.Asked.Version, originalPatches[o.Asked])
	}
	return o.Asked.Version
}

func (o Offer) String() string {
	if o.Aliased() {
		return fmt.Sprintf("%s, served by %s", o.Asked, o.Build)
	}
	return o.Build.String()
}

// Catalogue is what can be asked for on this machine.
type Catalogue struct {
	offers []Offer // of one engine together, oldest first
	idle   []Alias
}

// onlyOriginal is a version that the original has and Redis has not: it is Redis 7.0 with faster input and output.
//
// Source: ElastiCache User Guide, "Supported engines and versions", Redis OSS 7.1.
var onlyOriginal = EngineVersion{EngineRedis, "7.1"}

// NewCatalogue lists what is installed: of each release, which is what can be asked for, the newest patch; and what aliases
// have served by it. Of two aliases of one version the first counts. Without an alias of its own, redis 7.1 is served by
// the nearest redis 7.
func NewCatalogue(installed []EngineVersion, aliases []Alias) Catalogue {
	var c Catalogue
	for _, v := range installed {
		best, _ := newest(installed, v.Engine, func(o EngineVersion) bool { return o.Release() == v.Release() })
		if o := OfferOf(best); best == v && !slices.Contains(c.offers, o) {
			c.offers = append(c.offers, o)
		}
	}
	if near, ok := nearest(installed, onlyOriginal); ok {
		aliases = append(slices.Clip(aliases), Alias{Of: onlyOriginal, By: EngineVersion{near.Engine, near.Release()}})
	}
	installedOffers := c.offers
	for _, a := range aliases {
		build, ok := newest(installed, a.By.Engine, func(v EngineVersion) bool { return v.Release() == a.By.Version })
		taken := slices.ContainsFunc(c.offers, func(o Offer) bool { return o.Asked == a.Of })
		switch {
		case ok && !taken:
			c.offers = append(slices.Clip(c.offers), Offer{Asked: a.Of, Build: build})
		case !ok || slices.ContainsFunc(installedOffers, func(o Offer) bool { return o.Asked == a.Of }):
			c.idle = append(c.idle, a)
		}
	}
	slices.SortStableFunc(c.offers, func(a, b Offer) int {
		return cmp.Or(strings.Compare(string(a.Asked.Engine), string(b.Asked.Engine)), a.Asked.Compare(b.Asked))
	})
	return c
}

// nearest returns the installed version of the same major version that is nearest to another; of two that are as near, the older one.
func nearest(installed []EngineVersion, to EngineVersion) (best EngineVersion, ok bool) {
	distance := func(v EngineVersion) int { return max(v.minor()-to.minor(), to.minor()-v.minor()) }
	for _, v := range installed {
		if v.Engine == to.Engine && v.major() == to.major() && (!ok || distance(v) < distance(best)) {
			best, ok = v, true
		}
	}
	return best, ok
}

// Offers are all that can be asked for; of one engine together, oldest first.
func (c Catalogue) Offers() []Offer { return c.offers }

// Newest reports whether an offer is what is meant by its engine alone: the newest that is not an alias, if there is one.
func (c Catalogue) Newest(o Offer) bool {
	best, ok := c.find(o.Asked.Engine, "")
	return ok && best == o
}

// Idle are the aliases that serve nothing: what they name is not installed, or what they stand for is.
func (c Catalogue) Idle() []Alias { return c.idle }

// Engine reads an engine's name in any case. An empty name means redis, as in
// the original's API, unless only another engine is offered.
func (c Catalogue) Engine(name string) (Engine, error) {
	switch Engine(strings.ToLower(name)) {
	case "":
		isRedis := func(o Offer) bool { return o.Asked.Engine == EngineRedis }
		if len(c.offers) > 0 && !slices.ContainsFunc(c.offers, isRedis) {
			return c.offers[0].Asked.Engine, nil
		}
		return EngineRedis, nil
	case EngineRedis:
		return EngineRedis, nil
	case EngineValkey:
		return EngineValkey, nil
	}
	return "", Errorf(KindInvalid, "The parameter Engine must be one of: redis, valkey.")
}

// Resolve picks the newest version of an engine that is meant by what was asked for: "" is any that is installed, "7.0" any
// 7.0, "6.x" any 6. The error is what [CheckVersionSpelling] says, or of [KindCombination] and names what is offered.
//
// Source: answers quoted in hashicorp/terraform-provider-aws issue 49466.
func (c Catalogue) Resolve(engine Engine, asked string) (Offer, error) {
	if err := CheckVersionSpelling(engine, asked); err != nil {
		return Offer{}, err
	}
	if best, ok := c.find(engine, asked); ok {
		return best, nil
	}
	var have []string
	for _, o := range c.offers {
		if o.Asked.Engine == engine {
			have = append(have, o.inList())
		}
	}
	if len(have) == 0 {
		return Offer{}, Errorf(KindCombination, "Cannot find version %s for %s: no %s-server is installed on this machine. "+
			"Install it (for example: apt-get install %s-server) or point --engine-path at it.", cmp.Or(asked, "(any)"), engine, engine, engine)
	}
	hint := "Install it and point --engine-path at it"
	if by, _ := c.find(engine, ""); aliasForm.MatchString(fmt.Sprintf("%s:%s=%s:%s", engine, asked, engine, by.Build.Release())) {
		hint += fmt.Sprintf(", or have another version serve it: aikagi serve --engine-alias %s", Alias{EngineVersion{engine, asked}, EngineVersion{by.Build.Engine, by.Build.Release()}})
	}
	return Offer{}, Errorf(KindCombination, "Cannot find version %s for %s. Offered: %s. %s.", asked, engine, strings.Join(have, ", "), hint)
}

func (o Offer) inList() string {
	if o.Aliased() {
		return fmt.Sprintf("%s (served by %s)", o.Asked.Version, o.Build)
	}
	return o.Asked.Version
}

// find returns the newest offer that is meant. Who asks for no version gets no alias, unless there are only such.
func (c Catalogue) find(engine Engine, asked string) (best Offer, ok bool) {
	for _, o := range c.offers { // oldest first
		if o.Asked.Engine == engine && o.Asked.Means(asked) && (!ok || asked != "" || best.Aliased() || !o.Aliased()) {
			best, ok = o, true
		}
	}
	return best, ok
}
