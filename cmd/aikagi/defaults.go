package main

import (
	"github.com/alecthomas/kong"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/server"
)

// defaults are the defaults of flags that stand for settings of the service or values of the domain, which have the same
// default: the flags name them like ${listen}.
func defaults() kong.Vars {
	return kong.Vars{
		"listen":          server.DefaultListen,
		"address_range":   server.DefaultAddressRange,
		"port_range":      server.DefaultPortRange,
		"dns_domain":      server.DefaultDNSDomain,
		"hang_timeout":    cache.ShortDuration(server.DefaultHangTimeout),
		"console_session": cache.ShortDuration(server.DefaultConsoleSession),
		"ec2_refresh":     cache.ShortDuration(server.DefaultEC2Refresh),
		"region":          server.DefaultRegion,
		"account":         server.DefaultAccount,
		"node_type":       cache.DefaultNodeType,
		"finish":          rotation.FinishRule{Quiet: cache.DefaultQuiet}.String(),
		"grace":           cache.ShortDuration(rotation.DefaultGrace),
	}
}
