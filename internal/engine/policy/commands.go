package policy

import (
	"strings"

	"github.com/aikagi/aikagi/internal/cache/user"
)

// Commands returns what the table says of each name, for access strings. What a tag can allow is offered.
func Commands() user.Commands {
	commands := user.Commands{}
	for _, rule := range Table() {
		offered := rule.Verdict == Allowed || rule.Verdict == Tagged
		for _, name := range rule.Commands {
			commands[name] = commands[name] || offered
			if container, _, inside := strings.Cut(name, "|"); inside {
				commands[container] = commands[container] || offered
			}
		}
	}
	return commands
}
