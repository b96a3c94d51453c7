package dns

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"strings"

	wire "github.com/miekg/dns"

	"github.com/aikagi/aikagi/internal/dns/hostname"
)

// ttl is how long an answer may be kept, in seconds, as in the original.
const ttl = 5

// zone is the domain with everything in it.
type zone struct {
	origin string // the domain, with a dot at its end
	own    net.IP // of the name server; nil: unknown
	finder *finder
	logger *slog.Logger
}

func newZone(options Options, at net.Addr) *zone {
	return &zone{
		origin: wire.Fqdn(string(options.Domain)), own: ipv4(at),
		finder: newFinder(options.Store, options.Advertise), logger: options.Logger,
	}
}

// answer says what there is to a question.
func (z *zone) answer(ctx context.Context, q wire.Question) answer {
	name := strings.ToLower(q.Name)
	if q.Qclass != wire.ClassINET || transfers(q.Qtype) || !wire.IsSubDomain(z.origin, name) {
		return answer{code: wire.RcodeRefused}
	}
	labels := wire.SplitDomainName(name)
	meaning := hostname.Read(labels[:len(labels)-wire.CountLabel(z.origin)])
	switch meaning.Kind {
	case hostname.Apex:
		return z.exists(z.apex(q))
	case hostname.Server:
		return z.exists(z.server(q))
	}
	found, err := z.finder.find(ctx, meaning)
	switch {
	case err != nil:
		z.note(ctx, q, err)
		return answer{code: wire.RcodeServerFailure}
	case !found.exists:
		return answer{code: wire.RcodeNameError, authority: []wire.RR{z.soa(z.origin)}}
	}
	return z.exists(addressRecords(q, found.addresses))
}

// note logs why a query got no answer; a flood of queries is not to become one of lines.
func (z *zone) note(ctx context.Context, q wire.Question, err error) {
	level := slog.LevelWarn
	if ctx.Err() != nil || errors.Is(err, errBusy) {
		level = slog.LevelDebug
	}
	z.logger.Log(ctx, level, "look up name", "name", q.Name, "error", err)
}

// transfers reports whether a type asks for the whole zone, or is about the
// transaction instead of a name.
func transfers(qtype uint16) bool {
	switch qtype {
	case wire.TypeAXFR, wire.TypeIXFR, wire.TypeMAILA, wire.TypeMAILB, wire.TypeTSIG, wire.TypeTKEY, wire.TypeOPT:
		return true
	}
	return false
}

// exists is the answer about a name that exists, whether or not with this type.
func (z *zone) exists(records []wire.RR) answer {
	if len(records) == 0 {
		return answer{authority: []wire.RR{z.soa(z.origin)}}
	}
	return answer{records: records}
}

func (z *zone) apex(q wire.Question) (records []wire.RR) {
	if wants(q, wire.TypeSOA) {
		records = append(records, z.soa(q.Name))
	}
	if wants(q, wire.TypeNS) {
		records = append(records, &wire.NS{Hdr: header(q.Name, wire.TypeNS), Ns: z.nameServer()})
	}
	return records
}

func (z *zone) server(q wire.Question) []wire.RR {
	if address, ok := netip.AddrFromSlice(z.own); ok {
		return addressRecords(q, []netip.Addr{address})
	}
	return nil
}

func addressRecords(q wire.Question, addresses []netip.Addr) (records []wire.RR) {
	for _, address := range addresses {
		switch address = address.Unmap(); {
		case address.Is4() && wants(q, wire.TypeA):
			records = append(records, &wire.A{Hdr: header(q.Name, wire.TypeA), A: address.AsSlice()})
		case address.Is6() && wants(q, wire.TypeAAAA):
			records = append(records, &wire.AAAA{Hdr: header(q.Name, wire.TypeAAAA), AAAA: address.AsSlice()})
		}
	}
	return records
}

// soa is made for the domain itself, in the letter case that it was asked for. There
// are no secondaries that its times could be for, and its serial number never changes.
func (z *zone) soa(name string) *wire.SOA {
	return &wire.SOA{
		Hdr: header(name, wire.TypeSOA), Ns: z.nameServer(), Mbox: "hostmaster." + z.origin,
		Serial: 1, Refresh: ttl, Retry: ttl, Expire: ttl, Minttl: ttl,
	}
}

func (z *zone) nameServer() string { return hostname.NameServer + "." + z.origin }

func wants(q wire.Question, rtype uint16) bool { return q.Qtype == rtype || q.Qtype == wire.TypeANY }

func header(name string, rtype uint16) wire.RR_Header {
	return wire.RR_Header{Name: name, Rrtype: rtype, Class: wire.ClassINET, Ttl: ttl}
}
