package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestConsoleLink(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 12, 10, 0, 0, jst)
	api := answers(t, func(_ int, w http.ResponseWriter) {
		fmt.Fprintf(w, "<R><CreateConsoleLinkResult><Url>http://127.0.0.1:4580/console/sign-in#code=c</Url><ExpiresAt>%s</ExpiresAt></CreateConsoleLinkResult></R>",
			at.Format(time.RFC3339))
	})
	link, err := api.ConsoleLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for output, want := range map[string]string{
		"table": "http://127.0.0.1:4580/console/sign-in#code=c\n\nIt signs in once, and until " + clock(at) + " (9m59s from now).\n",
		"json":  "{\n  \"url\": \"http://127.0.0.1:4580/console/sign-in#code=c\",\n  \"expires_at\": \"2026-05-04T12:10:00+09:00\"\n}\n",
		"yaml":  "url: \"http://127.0.0.1:4580/console/sign-in#code=c\"\nexpires_at: \"2026-05-04T12:10:00+09:00\"\n",
	} {
		var b strings.Builder
		c := consoleCommand{outputFlag: outputFlag{output}}
		if err := c.show(&b, link, at.Add(-599*time.Second)); err != nil || b.String() != want {
			t.Errorf("%s: %v\n%s", output, err, b.String())
		}
	}
}
