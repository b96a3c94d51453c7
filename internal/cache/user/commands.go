package user

import (
	"slices"
	"strings"
)

// Commands are the commands of all engines that a user may meet, and whether clients are offered them: "get", "client",
// "client|id". A command that has subcommands is among them, and is offered if any of those is.
type Commands map[string]bool

// categories are those of the engines' own commands.
//
// Source: ACL CAT of Redis 7.0 and Valkey 8.0.
var categories = strings.Fields("keyspace read write set sortedset list hash string bitmap hyperloglog geo stream pubsub admin fast slow " +
	"blocking dangerous connection transaction scripting")

// check looks whether a rule like "+get", "-client|kill", "+select|0" or "-@write" can be in an access string. To take away what
// clients are not offered changes nothing, so that is let through.
//
// Source: ElastiCache User Guide, "Role-Based Access Control (RBAC)": "You can't use forbidden and renamed commands".
func (c Commands) check(rule string) error {
	adds, name := rule[0] == '+', rule[1:]
	if category, is := strings.CutPrefix(name, "@"); is {
		if !slices.Contains(categories, category) {
			return fault("names a category that the engines do not have.")
		}
		return nil
	}
	offered, known := c[name]
	if command, argument, has := strings.Cut(name, "|"); !known && has && adds && c.takesArgument(command, argument) {
		offered, known = c[command]
	}
	switch {
	case !known:
		return fault("names a command that the engines do not have, or one whose parts clients are never offered.")
	case adds && !offered:
		return fault("allows a command that clients are never offered.")
	}
	return nil
}

// takesArgument reports whether a rule can allow a command with one first argument: one that has no subcommands.
func (c Commands) takesArgument(command, argument string) bool {
	if argument == "" || strings.Contains(argument, "|") {
		return false
	}
	for name := range c {
		if strings.HasPrefix(name, command+"|") {
			return false
		}
	}
	return true
}
