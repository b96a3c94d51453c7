package user

import (
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
)

// Trial is what an engine says of a command that nobody has sent: whether some access lets it through.
type Trial struct {
	NodeID  string              // of the node that was asked
	Version cache.EngineVersion // that it runs
	Refusal string              // in the engine's words; empty: the command is let through
}

// trialMax is how many words a command that is tried can have; of those that have more, nothing is different about the later ones.
const trialMax = 1000

// CheckTrial refuses what is no command, and one that no client is ever offered, whatever its access: on nodes it has another name. The
// errors are of [cache.KindMissing], [cache.KindInvalid].
func (c Commands) CheckTrial(words []string) (refusal string, err error) {
	if len(words) == 0 || words[0] == "" {
		return "", cache.Errorf(cache.KindMissing, "The request must contain the parameter Command.")
	}
	if len(words) > trialMax {
		return "", cache.Errorf(cache.KindInvalid, "A command that is tried can have at most %d words.", trialMax)
	}
	name := strings.ToLower(words[0])
	if offered, known := c[name]; known && !offered {
		return "clients are never offered the command " + name, nil
	}
	return "", nil
}
