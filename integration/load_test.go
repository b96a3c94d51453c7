package integration

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/integration/load"
)

// TestLoad changes tokens under clients that reconnect all the time, and wants not
// one failure of what the table allows. It is not parallel: it takes the whole
// machine, and other tests have deadlines. bench runs the same for 50 rounds.
func TestLoad(t *testing.T) {
	for _, engine := range harness.Engines(t) {
		t.Run(engine, func(t *testing.T) {
			s := harness.Start(t)
			group, err := load.Create(t.Context(), s.API(), s.CA(), load.Spec{ID: "load", Engine: engine, Replicas: 2, Mode: types.TransitEncryptionModeRequired})
			if err != nil {
				t.Fatal(err)
			}
			report, err := load.Run(t.Context(), group, load.Options{
				Clients: 210, Rounds: 2, Commands: 4, Pause: 15 * time.Millisecond, Logins: 1, Progress: func(s string) { t.Log(s) },
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Log(report)
			check(t, report)
		})
	}
}

func check(t *testing.T, report load.Report) {
	t.Helper()
	for _, failure := range report.Failures {
		t.Error(failure)
	}
	if n := report.FailedLogins(); n != 0 {
		t.Errorf("%d of %d logins that the table allows failed", n, report.Logins())
	}
	if report.FailedCommands != 0 {
		t.Errorf("%d of %d commands failed", report.FailedCommands, report.Commands)
	}
	// A count that cannot see a refusal would prove nothing.
	for _, kind := range []load.Kind{load.UnknownToken, load.RetiredToken, load.LockedOut} {
		if c := report.Kinds[kind]; c.Logins == 0 || c.Refused != c.Logins {
			t.Errorf("%s: %d of %d logins were refused, want all", kind, c.Refused, c.Logins)
		}
	}
	for _, kind := range []load.Kind{load.NoToken, load.OldToken, load.NewToken} {
		if report.Kinds[kind].Logins == 0 {
			t.Errorf("%s: nobody logged in", kind)
		}
	}
	if report.WhileChanging == 0 {
		t.Error("nobody logged in during a change")
	}
}
