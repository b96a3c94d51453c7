package main

import (
	"cmp"
	"slices"
	"strings"
)

// accessInWords says what an access string allows, as the service shows those: whether the user is on; then keys, channels and commands;
// then what each selector allows on its own.
func accessInWords(access string) (lines [][2]string) {
	own, selectors := splitSelectors(access)
	words := strings.Fields(own)
	if slices.Contains(words, "off") {
		lines = append(lines, [2]string{"logging in", "switched off"})
	}
	lines = append(lines, permissionsInWords("", words)...)
	for _, s := range selectors {
		lines = append(lines, permissionsInWords("or ", strings.Fields(s))...)
	}
	return lines
}

// splitSelectors takes the parts in parentheses out of an access string. No pattern has a parenthesis at its end, where a selector may end,
// or the service would have read it as one.
func splitSelectors(access string) (own string, selectors []string) {
	own, rest, found := strings.Cut(access, " (")
	for found {
		var selector string
		selector, rest, found = strings.Cut(rest, " (")
		selectors = append(selectors, strings.TrimSuffix(selector, ")"))
	}
	return own, selectors
}

func permissionsInWords(prefix string, words []string) [][2]string {
	var read, write, both, channels, commands []string
	said := false // of channels
	for _, w := range words {
		switch {
		case strings.HasPrefix(w, "~"):
			both = append(both, w[1:])
		case strings.HasPrefix(w, "%R~"):
			read = append(read, w[3:])
		case strings.HasPrefix(w, "%W~"):
			write = append(write, w[3:])
		case w == "resetchannels":
			said = true
		case strings.HasPrefix(w, "&"):
			channels = append(channels, w[1:])
		case strings.HasPrefix(w, "+"), strings.HasPrefix(w, "-"):
			commands = append(commands, w)
		}
	}
	keys := joinWords(patterns("reads and writes ", both), patterns("reads ", read), patterns("writes ", write))
	where := patterns("", channels)
	if where == "" && !said {
		where = "as the parameter acl-pubsub-default says"
	}
	return [][2]string{
		{prefix + "keys", cmp.Or(keys, "none")}, {prefix + "channels", cmp.Or(where, "none")}, {prefix + "commands", commandsInWords(commands)},
	}
}

// patterns names those that are not everything, behind what is done to them.
func patterns(does string, globs []string) string {
	switch {
	case len(globs) == 0:
		return ""
	case slices.Contains(globs, "*"):
		return does + "all"
	}
	return does + strings.Join(globs, ", ")
}

// commandsInWords groups what is allowed and what is taken away; the last rule about a command counts, so their order stays.
func commandsInWords(rules []string) string {
	var parts []string
	adds := true
	for i, rule := range rules {
		name, add := rule[1:], rule[0] == '+'
		switch {
		case i == 0 && name == "@all" && add:
			parts = append(parts, "all")
		case len(parts) == 0 && !add: // there is nothing to take it from
		case len(parts) == 0:
			parts, adds = append(parts, name), add
		case add == adds:
			parts[len(parts)-1] += ", " + name
		case add:
			parts, adds = append(parts, "then "+name), add
		default:
			parts, adds = append(parts, "but not "+name), add
		}
	}
	return cmp.Or(strings.Join(parts, "; "), "none")
}

func joinWords(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "; ")
}
