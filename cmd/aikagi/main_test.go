package main

import (
	"os"
	"testing"
	"time"
)

// jst is the zone of whoever reads what the tests print.
var jst = time.FixedZone("JST", 9*60*60)

func TestMain(m *testing.M) {
	time.Local = jst
	os.Exit(m.Run())
}
