package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
)

// program writes a program that says it is this server.
func program(t *testing.T, path, says string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho '"+says+"'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
}

// TestSurvey looks at several builds, at what is called otherwise, and at what cannot be used. Versions are of no machine's, for
// what is on the PATH is found as well.
func TestSurvey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, says := range map[string]string{
		"many/redis-server-98.2": "Redis server v=98.2.4 sha=0", "many/redis-server-98.2-again": "Redis server v=98.2.4 sha=0",
		"many/valkey-server": "Valkey server v=98.0.1 sha=0", "many/redis-server-as-valkey": "Valkey server v=99.1.0 sha=0",
		"many/redis-server-old": "Redis server v=6.2.6 sha=0", "many/redis-cli": "redis-cli 98.2", "many/redis-serverless": "Redis server v=98.9.9 sha=0",
		"one/any-name": "Redis server v=98.4.0 sha=0", "old/redis-server": "Redis server v=6.2.6 sha=0",
	} {
		program(t, filepath.Join(dir, name), says)
	}
	if err := os.Symlink("redis-server-98.2", filepath.Join(dir, "many/redis-server")); err != nil {
		t.Fatal(err)
	}
	found, passed, err := Survey(t.Context(), []string{filepath.Join(dir, "many"), filepath.Join(dir, "one/any-name")})
	if err != nil {
		t.Fatal(err)
	}
	got := map[cache.EngineVersion]string{}
	for _, f := range found {
		if strings.HasPrefix(f.Path, dir) {
			got[f.EngineVersion] = strings.TrimPrefix(f.Path, dir+"/")
		}
	}
	want := map[cache.EngineVersion]string{
		{Engine: cache.EngineRedis, Version: "98.2.4"}: "many/redis-server", {Engine: cache.EngineRedis, Version: "98.4.0"}: "one/any-name",
		{Engine: cache.EngineValkey, Version: "98.0.1"}: "many/valkey-server", {Engine: cache.EngineValkey, Version: "99.1.0"}: "many/redis-server-as-valkey",
	}
	for v, path := range want {
		if got[v] != path {
			t.Errorf("%s is %q, want %s", v, got[v], path)
		}
	}
	if len(got) != len(want) {
		t.Errorf("found %v", got)
	}
	var why []string
	for _, p := range passed {
		if strings.HasPrefix(p.Path, dir) {
			why = append(why, filepath.Base(p.Path)+": "+p.Why)
		}
	}
	if all := strings.Join(why, "\n"); len(why) != 2 || !strings.Contains(all, "redis-server-98.2-again: it is another build of redis 98.2.4") ||
		!strings.Contains(all, "use 7.0 or newer") {
		t.Errorf("passed over:\n%s", all)
	}
	for place, want := range map[string]string{"old": "use 7.0 or newer", "many/redis-cli": "is not a Redis or Valkey server", "one": "no redis-server or valkey-server in"} {
		if _, _, err := Survey(t.Context(), []string{filepath.Join(dir, place)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", place, err)
		}
	}
}
