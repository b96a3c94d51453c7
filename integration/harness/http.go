package harness

import "net/http"

// HTTP is for the tests' own requests. Its connections are its own: those of http.DefaultClient that are idle end whenever a
// server of package httptest is closed, which other tests do at the same time.
var HTTP = &http.Client{Transport: &http.Transport{}}
