package advisory

// advisory is one vulnerability; the maps go by engine. Redis and Valkey mended
// some of them under numbers of their own.
type advisory struct {
	id     map[string]string
	title  string
	fixed  map[string][]string // the first good release of each line that got one, oldest line first
	debian map[string][]string // the first good package of each series that got one
}

// advisories is worst first.
//
// Sources: release notes of Redis (6.2.20, 6.2.23, 6.2.24 and the releases of the
// same days) and of Valkey (7.2.11, 7.2.14 and the releases of the same days); the
// CVE records; the changelog of Debian's redis package.
func advisories() []advisory {
	return []advisory{
		{
			id:    map[string]string{"redis": "CVE-2026-81934"},
			title: "anybody who can open a TLS connection may run code in the server (use-after-free in pending TLS data)",
			fixed: map[string][]string{
				"redis": {"6.2.24", "7.2.16", "7.4.11", "8.2.9", "8.4.6", "8.6.6", "8.8.2", "8.10.1"},
			},
			debian: map[string][]string{"redis": {"7.0.15-1~deb12u10"}},
		},
		{
			id:    map[string]string{"redis": "CVE-2025-49844", "valkey": "CVE-2025-49844"},
			title: "a client that may run Lua scripts may run code in the server (use-after-free in the script parser)",
			fixed: map[string][]string{
				"redis":  {"6.2.20", "7.2.11", "7.4.6", "8.0.4", "8.2.2"},
				"valkey": {"7.2.11", "8.0.6", "8.1.4"},
			},
			debian: map[string][]string{"redis": {"7.0.15-1~deb12u6"}},
		},
		{
			id:    map[string]string{"valkey": "CVE-2026-56684"},
			title: "a client that may use CLIENT KILL may run code in a server with TLS (use-after-free in TLS connections)",
			fixed: map[string][]string{
				"valkey": {"7.2.14", "8.0.10", "8.1.9", "9.0.5", "9.1.1"},
			},
		},
		{
			id:    map[string]string{"redis": "CVE-2026-66373", "valkey": "CVE-2026-63639"},
			title: "a crafted snapshot or RESTORE payload may run code in the server (stream entry shared by two consumers)",
			fixed: map[string][]string{
				"redis":  {"6.2.23", "7.2.15", "7.4.10", "8.2.8", "8.4.5", "8.6.5"},
				"valkey": {"7.2.14", "8.0.10", "8.1.9", "9.0.5", "9.1.1"},
			},
			debian: map[string][]string{"redis": {"7.0.15-1~deb12u9"}},
		},
	}
}
