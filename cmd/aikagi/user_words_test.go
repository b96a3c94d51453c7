package main

import (
	"strings"
	"testing"
)

func TestAccessInWords(t *testing.T) {
	t.Parallel()
	for access, want := range map[string]string{
		"on ~* +@all":                 "keys=reads and writes all channels=as the parameter acl-pubsub-default says commands=all",
		"off -@all":                   "logging in=switched off keys=none channels=as the parameter acl-pubsub-default says commands=none",
		"on resetchannels -@all -get": "keys=none channels=none commands=none",
		"on ~a ~b %R~c %W~d:* &* -@all +@read +get":  "keys=reads and writes a, b; reads c; writes d:* channels=all commands=@read, get",
		"on ~a resetchannels &b &c +@all -@write":    "keys=reads and writes a channels=b, c commands=all; but not @write",
		"on ~a &b +@all -@write -x +set|0 -set -del": "keys=reads and writes a channels=b commands=all; but not @write, x; then set|0; but not set, del",
		"on -@all (%R~a( &* -@all +get) (~* +@all)": "keys=none channels=as the parameter acl-pubsub-default says commands=none " +
			"or keys=reads a( or channels=all or commands=get or keys=reads and writes all or channels=as the parameter acl-pubsub-default says or commands=all",
	} {
		var lines []string
		for _, line := range accessInWords(access) {
			lines = append(lines, line[0]+"="+line[1])
		}
		if got := strings.Join(lines, " "); got != want {
			t.Errorf("%s\n got %s\nwant %s", access, got, want)
		}
	}
}
