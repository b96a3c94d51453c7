package main

import (
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// What has no address yet is said so; nobody is sent to ":6379".
func TestConnectAddress(t *testing.T) {
	t.Parallel()
	g := client.Group{Access: own.Access{
		ReplicationGroupId: "g", Status: "modifying", AddressPlan: "loopback", PrimaryEndpoint: "127.0.0.1:6379", ReaderEndpoint: "127.0.0.2:6379",
		Nodes: []own.AccessNode{{CacheClusterId: "g-001", Address: "127.0.0.3", Status: "available"}, {CacheClusterId: "g-002", Status: "creating"}},
	}}
	for _, c := range []struct {
		command       connectCommand
		want, refusal string
	}{
		{connectCommand{}, "127.0.0.1:6379", ""},
		{connectCommand{Reader: true}, "127.0.0.2:6379", ""},
		{connectCommand{Node: "g-001"}, "127.0.0.3:6379", ""},
		{connectCommand{Node: "g-002"}, "", "g-002 is creating: it has no address yet"},
		{connectCommand{Node: "g-003"}, "", "it has g-001, g-002"},
	} {
		got, err := c.command.address(g)
		if got != c.want || (err == nil) != (c.refusal == "") || err != nil && !strings.Contains(err.Error(), c.refusal) {
			t.Errorf("%+v: %s, %v", c.command, got, err)
		}
	}
}
