package elasticache

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/awsquery"
)

// fixtures are the requests that AWS ships with its SDK, by action.
func fixtures(t *testing.T) map[string]url.Values {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-sdk-go-v2/service/elasticache").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "request_snapshot", "*.request.snap"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	forms := map[string]url.Values{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, body, _ := strings.Cut(string(text), "urlencoded")
		form, err := url.ParseQuery(strings.TrimSpace(body))
		if err != nil {
			t.Fatal(err)
		}
		forms[strings.TrimSuffix(filepath.Base(file), ".request.snap")] = form
	}
	return forms
}

func TestTableHasEveryActionOfTheModel(t *testing.T) {
	t.Parallel()
	forms := fixtures(t)
	var names []string
	for _, a := range actions {
		if a.service == serviceElastiCache && !a.extension {
			names = append(names, a.name)
		}
	}
	if !sort.StringsAreSorted(names) {
		t.Error("the table is not in alphabetical order")
	}
	if len(names) != 77 || len(forms) != 77 {
		t.Errorf("the table has %d actions, the model %d, want 77", len(names), len(forms))
	}
	for _, name := range names {
		if forms[name] == nil {
			t.Errorf("the model has no action %s", name)
		}
	}
}

// TestPlannedActionsAreDecodedAndRefused sends AWS's own fixture of each action
// that is not built.
func TestPlannedActionsAreDecodedAndRefused(t *testing.T) {
	t.Parallel()
	for name, form := range fixtures(t) {
		a, err := findAction(form)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		input := a.input()
		if err := awsquery.Decode(form, input); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if a.honoured != nil {
			continue
		}
		_, err = a.run(&API{}, t.Context(), input)
		if a.withdrawn {
			if !cache.IsKind(err, cache.KindInvalid) || err.Error() != noCacheSecurityGroups {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if !cache.IsKind(err, cache.KindNotImplemented) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestHonouredParametersExist catches a misspelt name, which would refuse a
// parameter that its handler honours.
func TestHonouredParametersExist(t *testing.T) {
	t.Parallel()
	for _, a := range actions {
		all := unhonoured(action{input: a.input})
		for _, name := range a.honoured {
			if i := sort.SearchStrings(all, name); i == len(all) || all[i] != name {
				t.Errorf("%s has no parameter %s", a.name, name)
			}
		}
	}
}
