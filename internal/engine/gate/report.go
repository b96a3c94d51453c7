package gate

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// ErrReport says that what a gate reports cannot be read.
var ErrReport = errors.New("unreadable report of a gate")

// Why is for what a gate refuses somebody.
type Why string

// The reasons.
const (
	ByRules   Why = "rules"   // no rule lets the address in
	ByMode    Why = "mode"    // plaintext where TLS is required
	BySilence Why = "silence" // nothing was said
	ByClients Why = "clients" // there are as many clients as there may be
	ByQueue   Why = "queue"   // the engine does not come to accept it
	BySource  Why = "source"  // there are as many from its address as there may be, or come as often
)

// Whys has all reasons.
func Whys() []Why { return []Why{ByRules, ByMode, BySilence, ByClients, ByQueue, BySource} }

// Report is what a gate does, and has done since its engine's start.
type Report struct {
	Waiting   int       // sockets that have said nothing yet
	PerSource PerSource // the limits that hold
	Limits    bool      // it knows limits of sources: a gate of an earlier release does not
	Watches   bool      // it can note who comes, and send away who came by places that are left: one of an earlier release cannot
	Watching  bool      // it does
	Suspended bool      // nobody is accepted just now: the engine is busy, or the system has no files
	// Connections that the engine has, unfinished handshakes included; Clients are those of both kinds that are not the service's.
	Plaintext, TLS, Clients int
	// Sockets on their way to the engine: now, and at most so far.
	Queued, QueuedMost int
	Refused            map[Why]uint64 // what it does not have never happened
	// Connections that were ended because an order did not allow them any more, and those that are still to be.
	EndedByRules, EndedByMode uint64
	EndsLeft                  int
	BarredClients             int // those not the service's that the last order barred by its modes, ended since or not
	ShutOut                   int // those that the last order ended by its rules
	Leaving                   int // those not the service's that the last order sends away from places that are left, ended since or not
	Listeners                 []ListenerReport
	Knocking                  []Knocker // the addresses that were refused last, not all that ever were
	Guests                    []Guest   // while the gate watches: those that came last, not all
}

// ListenerReport is about one listener, since it was opened.
type ListenerReport struct {
	Listener
	Plaintext, TLS uint64 // connections that it has let in
	Refused        map[Why]uint64
}

// Guest is an address that came through a listener since the gate watches.
type Guest struct {
	From   netip.Addr
	At     netip.AddrPort
	Open   int           // connections now
	Opened uint64        // and in all
	Age    time.Duration // since the last was opened, or was seen to be open
}

// Knocker is an address that was refused.
type Knocker struct {
	From    netip.Addr
	Age     time.Duration // since the last time
	Refused map[Why]uint64
}

// Open returns the addresses that the gate listens on.
func (r Report) Open() []netip.AddrPort {
	open := make([]netip.AddrPort, len(r.Listeners))
	for i, l := range r.Listeners {
		open[i] = l.At
	}
	return open
}

// ParseReport reads what the gate reports. Lines of new kinds, and new words, are left alone. The error is [ErrReport].
func ParseReport(text string) (Report, error) {
	var r Report
	kind, rest, _ := strings.Cut(text, " ")
	if version, _, _ := strings.Cut(rest, " "); kind != "gate" || version != "1" {
		return r, fmt.Errorf("%w: it begins with %.40q", ErrReport, text)
	}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		f := figures{of: words[0]}
		f.read(words[1:])
		switch words[0] {
		case "gate":
			r.gate(&f)
		case "ended":
			r.EndedByRules, r.EndedByMode = f.count("rules"), f.count("mode")
			r.EndsLeft, r.BarredClients = int(f.count("left")), int(f.count("barred-clients"))
			r.ShutOut, r.Leaving = int(f.added("shut-out")), int(f.added("leaving-clients"))
		case "listener":
			r.Listeners = append(r.Listeners, f.listener())
		case "guest":
			r.Guests = append(r.Guests, f.guest())
		case "refused":
			r.Knocking = append(r.Knocking, Knocker{From: f.address(), Age: time.Duration(f.count("age")) * time.Millisecond, Refused: f.refusals("")})
		}
		if f.wrong != nil {
			return Report{}, fmt.Errorf("%w: %w", ErrReport, f.wrong)
		}
	}
	return r, nil
}

func (r *Report) gate(f *figures) {
	r.Waiting, r.Suspended = int(f.count("waiting")), f.count("suspended") != 0
	_, r.Limits = f.values["source-limit"]
	_, r.Watches = f.values["watch"]
	r.Watching = f.added("watch") != 0
	r.PerSource = PerSource{int(f.added("source-limit")), int(f.added("rate-limit"))}
	r.Plaintext, r.TLS, r.Clients = int(f.count("plaintext")), int(f.count("tls")), int(f.count("clients"))
	r.Queued = int(f.count("queued-plaintext") + f.count("queued-tls"))
	r.QueuedMost = int(f.count("queued-plaintext-most") + f.count("queued-tls-most"))
	r.Refused = f.refusals("refused-")
}

// figures are the words of a line. The first that cannot be read is kept.
type figures struct {
	of     string // the line's kind
	first  string // its first word behind that
	values map[string]string
	wrong  error
}

func (f *figures) read(words []string) {
	f.values = map[string]string{}
	for i, w := range words {
		name, value, is := strings.Cut(w, "=")
		if is {
			f.values[name] = value
		} else if i == 0 {
			f.first = w
		}
	}
}

// added is count of a word that a module of an earlier release does not have.
func (f *figures) added(name string) uint64 {
	if _, reported := f.values[name]; !reported {
		return 0
	}
	return f.count(name)
}

func (f *figures) count(name string) uint64 {
	n, err := strconv.ParseUint(f.values[name], 10, 63)
	if err != nil && f.wrong == nil {
		f.wrong = fmt.Errorf("%s of the line %s: %w", name, f.of, err)
	}
	return n
}

func (f *figures) address() netip.Addr {
	a, err := netip.ParseAddr(f.first)
	if err != nil && f.wrong == nil {
		f.wrong = err
	}
	return a
}

func (f *figures) refusals(prefix string) map[Why]uint64 {
	all := map[Why]uint64{}
	for _, why := range Whys() {
		count := f.count
		if why == BySource {
			count = f.added
		}
		if n := count(prefix + string(why)); n > 0 {
			all[why] = n
		}
	}
	return all
}

func (f *figures) guest() Guest {
	g := Guest{From: f.address(), Open: int(f.count("open")), Opened: f.count("opened"), Age: time.Duration(f.count("age")) * time.Millisecond}
	at, err := netip.ParseAddr(f.values["at"])
	if err != nil && f.wrong == nil {
		f.wrong = fmt.Errorf("at of the line %s: %w", f.of, err)
	}
	g.At = netip.AddrPortFrom(at, uint16(f.count("port")))
	return g
}

func (f *figures) listener() ListenerReport {
	l := ListenerReport{Plaintext: f.count("plaintext"), TLS: f.count("tls"), Refused: f.refusals("refused-")}
	l.At = netip.AddrPortFrom(f.address(), uint16(f.count("port")))
	l.Mode, l.Shared = Mode(f.values["mode"]), f.count("shared") != 0
	if rules := f.values["rules"]; rules != "-" {
		l.Rules = rules
	}
	return l
}
