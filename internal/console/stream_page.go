package console

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/store"
)

// namedMax is how many groups one event names; of more the page reads everything anew.
const namedMax = 200

// page is what one page was not told yet.
type page struct {
	changes *store.Subscription
	ready   chan struct{} // holds one if there may be samples

	mu      sync.Mutex          // guards sampled; never held for longer than a look at a map
	sampled map[string]struct{} // ids of groups
}

func (p *page) addSample(groupID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sampled == nil {
		p.sampled = map[string]struct{}{}
	}
	if len(p.sampled) <= namedMax { // one more says that they are too many
		p.sampled[groupID] = struct{}{}
	}
	select {
	case p.ready <- struct{}{}:
	default:
	}
}

// take returns the events that tell what there is to tell, which may be nothing.
func (p *page) take() []byte {
	changes := p.changes.Take()
	p.mu.Lock()
	sampled := slices.Sorted(maps.Keys(p.sampled))
	p.sampled = nil
	p.mu.Unlock()
	if len(sampled) > namedMax {
		changes.All, sampled = true, nil
	}
	events := changed(changes)
	for _, id := range sampled {
		events = append(events, event("sampled", map[string]string{"group": id})...)
	}
	return events
}

// alive is an event, not a comment, so that a script can notice when it stays away: a browser
// tells nothing of a connection that is dead without an end.
var alive = event("alive", struct{}{})

// hello also says how many milliseconds a browser waits before it comes back.
func hello(version, boot string) []byte {
	return append([]byte("retry: 1000\n"), event("hello", map[string]string{"version": version, "boot": boot})...)
}

// changed is empty when nothing changed that pages are told of.
func changed(changes store.Changes) []byte {
	told := struct {
		All             bool     `json:"all,omitempty"`
		Groups          []string `json:"groups"`
		Clusters        []string `json:"clusters"`
		SecurityGroups  []string `json:"security_groups,omitempty"`
		ParameterGroups []string `json:"parameter_groups,omitempty"`
		SubnetGroups    []string `json:"subnet_groups,omitempty"`
		Events          bool     `json:"events,omitempty"`
	}{All: changes.All, Groups: []string{}, Clusters: []string{}, Events: store.Appended(changes, store.Events)}
	keys, rules := store.Changed(changes, store.Groups), store.Changed(changes, store.SecurityGroups)
	parameters, subnets := store.Changed(changes, store.ParameterGroups), store.Changed(changes, store.SubnetGroups)
	count := len(keys) + len(rules) + len(parameters) + len(subnets)
	if !told.All && !told.Events && count == 0 {
		return nil
	}
	if count > namedMax {
		told.All = true
	}
	if !told.All {
		told.Groups, told.Clusters = named(keys)
		told.SecurityGroups, told.ParameterGroups, told.SubnetGroups = rules, parameters, subnets
	}
	return event("changed", told)
}

// named are the ids of groups, and those of cache clusters that are in none.
func named(keys []cache.Key) (groups, clusters []string) {
	groups, clusters = []string{}, []string{}
	for _, key := range keys {
		if key.Resource() == cache.ResourceCacheCluster {
			clusters = append(clusters, key.ID())
		} else {
			groups = append(groups, key.ID())
		}
	}
	return groups, clusters
}

// event writes an event in its wire form. Data is one that JSON can hold.
//
// Source: HTML standard, 9.2 "Server-sent events".
func event(name string, data any) []byte {
	text, _ := json.Marshal(data) // strings and bools only; has no line break
	return []byte("event: " + name + "\ndata: " + string(text) + "\n\n")
}

// eventWriter sends what it is given at once, or fails.
type eventWriter struct {
	to      http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
}

func (w *eventWriter) write(events []byte) error {
	if len(events) == 0 {
		return nil
	}
	if err := w.control.SetWriteDeadline(time.Now().Add(w.timeout)); err != nil {
		return err
	}
	if _, err := w.to.Write(events); err != nil {
		return err
	}
	return w.control.Flush()
}
