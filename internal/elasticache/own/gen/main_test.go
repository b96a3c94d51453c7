package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestConsoleIsCurrent fails when the declaration changed, or the generator, without running go generate.
func TestConsoleIsCurrent(t *testing.T) {
	t.Parallel()
	want, err := generate("..")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join("..", target))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("web/src/api/own.gen.ts is out of date: run go generate ./internal/elasticache/own")
	}
}

// TestWhatIsNotRecognised: a declaration that the console could only half understand stops the generator.
func TestWhatIsNotRecognised(t *testing.T) {
	t.Parallel()
	const sound = "const Ask Action[In, Out] = \"Ask\"\ntype In struct { Name *string }\ntype Out struct { Name string }\n"
	for name, c := range map[string]struct{ source, want string }{
		"sound":             {sound, ""},
		"a map":             {strings.Replace(sound, "Name string", "All map[string]string", 1), "Out.All"},
		"an unknown type":   {strings.Replace(sound, "Name string", "Name Missing", 1), `"Missing"`},
		"a plain parameter": {strings.Replace(sound, "*string", "string", 1), "In.Name"},
		"another name":      {strings.Replace(sound, `"Ask"`, `"Tell"`, 1), "Ask"},
		"no such answer":    {strings.Replace(sound, "Out]", "None]", 1), "None"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "own.go"), []byte("package own\n"+c.source), 0o600); err != nil {
			t.Fatal(err)
		}
		d, err := readDeclaration(dir)
		if err == nil {
			_, err = d.render()
		}
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNamesOfEnumerations(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{{"cache", "Standing", "Standing"}, {"rotation", "State", "RotationState"}, {"token", "TokenStrategy", "TokenStrategy"}} {
		if got := enumName(c[0], c[1]); got != c[2] {
			t.Errorf("%s.%s is called %s", c[0], c[1], got)
		}
	}
}
