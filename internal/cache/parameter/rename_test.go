package parameter

import (
	"strings"
	"testing"
)

func TestRenames(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"": "", "  ": "", "GET got": "", " get  GOT  FLUSHALL 8c-Flush_all.2 ": "", "GET " + strings.Repeat("x", 63): "",
		"GET":                            "pairs",
		"GET got SET":                    "pairs",
		"CONFIG x":                       `"CONFIG" is none of the commands that can be renamed`,
		"got GET":                        `"got" is none of the commands`,
		"GET\tgot put":                   "none of the commands",
		"GET got get gott":               "GET has two new names",
		"GET got SET Got":                `"Got" is the new name of two commands`,
		"GET get":                        `"get" cannot be a new name: there is a command of that name`,
		"GET set SET get":                "there is a command of that name",
		"GET config":                     "there is a command of that name",
		"GET Aikagi.usage":               "aikagi's own commands",
		`GET ""`:                         "cannot be a name",
		"GET ä":                          "cannot be a name",
		"GET a|b":                        "cannot be a name",
		"GET " + strings.Repeat("x", 64): "cannot be a name",
		"GET g\x00t":                     "cannot be a name",
	} {
		err := group(t, "valkey8").family().Parameter(renameCommands).Check(value)
		switch {
		case want == "" && err != nil:
			t.Errorf("%q: %v", value, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want %s", value, err, want)
		}
	}
}
