package integration_test

import (
	"encoding/json"
	"testing"

	"github.com/aikagi/aikagi/integration/chaos/trial"
	"github.com/aikagi/aikagi/integration/harness"
)

// The faults that a group must survive above all, under load; make chaos tries them
// all. The test runs alone: it measures nothing, but a machine that does ten other
// things does not get a group whole in time.
func TestChaos(t *testing.T) {
	program, err := harness.Binary()
	if err != nil {
		t.Fatal(err)
	}
	setup := trial.Setup{Program: program, Engine: oneEngine(t, 1), Python: trial.Python()}
	for _, f := range trial.Faults() {
		if !f.Short {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			r := trial.Run(t.Context(), t, setup, f)
			if r.Verdict != trial.Passed {
				text, _ := json.MarshalIndent(r, "", " ")
				t.Errorf("%s: %s: %q\n%s", r.What, r.Verdict, r.Problems, text)
			}
		})
	}
}
