package delivery_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/aikagi/aikagi/internal/cache/rotation"
)

func TestParseTarget(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat("é", 128)
	for text, want := range map[string]rotation.Target{
		"file:/etc/app/token":                                                                  {File: &rotation.FileTarget{Path: "/etc/app/token"}},
		"command:/usr/local/bin/push":                                                          {Command: &rotation.CommandTarget{Program: "/usr/local/bin/push"}},
		`command:/bin/push  --env "eu prod" it\'s '' '$HOME \'`:                                {Command: &rotation.CommandTarget{Program: "/bin/push", Arguments: []string{"--env", "eu prod", "it's", "", `$HOME \`}}},
		"secretsmanager:app/cache":                                                             {SecretsManager: &rotation.SecretsManagerTarget{Secret: "app/cache"}},
		"secretsmanager:s?key=pass+word&create=true&region=eu-west-1":                          {SecretsManager: &rotation.SecretsManagerTarget{Secret: "s", Key: "pass word", Create: true, Region: "eu-west-1"}},
		"secretsmanager:s?endpoint=http://127.0.0.1:5000&profile=prod":                         {SecretsManager: &rotation.SecretsManagerTarget{Secret: "s", Endpoint: "http://127.0.0.1:5000", Profile: "prod"}},
		"secretsmanager:arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/cache-a1B2c3": {SecretsManager: &rotation.SecretsManagerTarget{Secret: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/cache-a1B2c3"}},
		"secretsmanager:s?key=" + longest:                                                      {SecretsManager: &rotation.SecretsManagerTarget{Secret: "s", Key: longest}},
	} {
		got, err := rotation.ParseTarget(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestParseTargetRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "token", "file:", "file:token", "file:/", "file:/a/../b", "file:/a//b", "file:/a/", "file:/a\x00b", "file:/a\nb",
		"command:", "command:push", "command:/bin/push 'open", `command:/bin/push \`, "command:/bin/../sbin/push",
		"secretsmanager:", "secretsmanager:a b", "secretsmanager:s?what=1", "secretsmanager:s?create=maybe", "secretsmanager:s?key=a&key=b",
		"secretsmanager:s?endpoint=http://example.com", "secretsmanager:s?endpoint=ftp://127.0.0.1", "secretsmanager:s?endpoint=https://u:p@example.com",
		"secretsmanager:s?region=EU", "secretsmanager:arn:aws:s3:::bucket",
		"secretsmanager:arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-a1B2c3?region=eu-central-1",
		"secretsmanager:arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-a1B2c3?create=true",
		"secretsmanager:s?key=" + strings.Repeat("é", 129), "secretsmanager:s?profile=" + strings.Repeat("é", 129),
	} {
		if got, err := rotation.ParseTarget(text); err == nil {
			t.Errorf("%q was taken for %v", text, got)
		}
	}
	both := rotation.Target{File: &rotation.FileTarget{Path: "/a"}, Command: &rotation.CommandTarget{Program: "/b"}}
	if both.Validate() == nil || (rotation.Target{}).Validate() == nil {
		t.Error("a target must be exactly one")
	}
}

func TestTargetRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var target rotation.Target
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			target.File = &rotation.FileTarget{Path: "/" + rapid.StringMatching(`[a-zA-Z0-9 ._'"\\?&-]{1,20}x`).Draw(t, "path")}
		case 1:
			target.Command = &rotation.CommandTarget{Program: "/bin/" + rapid.StringMatching(`[a-z '"\\$]{1,10}x`).Draw(t, "program")}
			if arguments := rapid.SliceOfN(rapid.StringMatching(`[a-zé '"\\$*;&|=-]{0,10}`), 0, 5).Draw(t, "arguments"); len(arguments) > 0 {
				target.Command.Arguments = arguments
			}
		case 2:
			target.SecretsManager = &rotation.SecretsManagerTarget{
				Secret: rapid.StringMatching(`[A-Za-z0-9/_+=.@-]{1,20}`).Draw(t, "secret"), Key: rapid.StringMatching(`([a-z é+=:]{1,8})?`).Draw(t, "key"),
				Region: rapid.SampledFrom([]string{"", "eu-west-1"}).Draw(t, "region"), Endpoint: rapid.SampledFrom([]string{"", "https://example.com:8443/sm"}).Draw(t, "endpoint"),
				Create: rapid.Bool().Draw(t, "create"), Insecure: rapid.Bool().Draw(t, "insecure"),
			}
		}
		parsed, err := rotation.ParseTarget(target.String())
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		if diff := cmp.Diff(target, parsed); diff != "" {
			t.Fatal(diff)
		}
		encoded, err := json.Marshal(target)
		if err != nil {
			t.Fatal(err)
		}
		var stored rotation.Target
		if err := json.Unmarshal(encoded, &stored); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(target, stored); diff != "" {
			t.Fatal(diff)
		}
	})
}
