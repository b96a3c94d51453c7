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
	at := time.Date(2026, 5, 4, 12, 10, 0, 0, time.UTC)
	api := answers(t, func(_ int, w http.ResponseWriter) {
		fmt.Fprintf(w, "<R><CreateConsoleLinkResult><Url>http://127.0.0.1:4580/console/sign-in#code=c</Url><ExpiresAt>%s</ExpiresAt></CreateConsoleLinkResult></R>",
			at.Format(time.RFC3339))
	})
	link, err := api.ConsoleLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for output, want := range map[string]string{
		"text": "http://127.0.0.1:4580/console/sign-in#code=c\n\nIt signs in once, and until " + at.Local().Format(time.TimeOnly) + " (9m59s from now).\n",
		"json": `{"url":"http://127.0.0.1:4580/console/sign-in#code=c","expires_at":"2026-05-04T12:10:00Z"}` + "\n",
	} {
		var b strings.Builder
		c := consoleCommand{Output: output}
		if err := c.show(&b, link, at.Add(-599*time.Second)); err != nil || b.String() != want {
			t.Errorf("%s: %v\n%s", output, err, b.String())
		}
	}
}
