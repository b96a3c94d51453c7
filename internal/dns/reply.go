package dns

import (
	"context"
	"net"

	wire "github.com/miekg/dns"
)

// udpSize is the longest answer over UDP, in bytes: what fits, with its headers, into
// the 1280 bytes that every IPv6 path takes.
const udpSize = 1232

// transport is how a query came.
type transport int

const (
	overUDP transport = iota
	overTCP
)

func transportOf(w wire.ResponseWriter) transport {
	if w.RemoteAddr().Network() == "tcp" {
		return overTCP
	}
	return overUDP
}

// reply answers a message. Others have seen to it that it is a query or a notification
// with one question.
func (z *zone) reply(ctx context.Context, request *wire.Msg, by transport) *wire.Msg {
	reply := new(wire.Msg).SetReply(request)
	limit := wire.MinMsgSize
	if by == overTCP {
		limit = wire.MaxMsgSize
	}
	asked := request.IsEdns0()
	if asked != nil {
		reply.SetEdns0(udpSize, asked.Do())
		if by == overUDP {
			limit = min(max(int(asked.UDPSize()), limit), udpSize)
		}
	}
	switch {
	case request.Opcode != wire.OpcodeQuery:
		reply.Rcode = wire.RcodeNotImplemented
	case len(request.Question) != 1:
		reply.Rcode = wire.RcodeFormatError
	case asked != nil && asked.Version() != 0:
		reply.Rcode = wire.RcodeBadVers // RFC 6891, 6.1.3
	default:
		z.answer(ctx, request.Question[0]).fill(reply)
	}
	reply.Truncate(limit)
	reply.Compress = true
	return reply
}

// answer is what the zone says to one question.
type answer struct {
	code      int
	records   []wire.RR
	authority []wire.RR
}

func (a answer) fill(reply *wire.Msg) {
	reply.Rcode = a.code
	reply.Authoritative = a.code == wire.RcodeSuccess || a.code == wire.RcodeNameError
	reply.Answer, reply.Ns = a.records, a.authority
}

// ipv4 is the address of a socket, or nil if it is not one IPv4 address.
func ipv4(address net.Addr) net.IP {
	udp, ok := address.(*net.UDPAddr)
	if !ok || udp.IP.IsUnspecified() {
		return nil
	}
	return udp.IP.To4()
}
