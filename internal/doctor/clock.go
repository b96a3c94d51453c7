package doctor

import (
	"context"
	"time"
)

// oldest is a time that no clock that is right shows any more.
var oldest = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// renewBefore is how long before its end a CA should be replaced: a certificate
// that it signs lives 90 days.
const renewBefore = 90 * 24 * time.Hour

func checkClock(_ context.Context, in Input) []Finding {
	const name = "clock"
	const fix = "sudo timedatectl set-ntp true"
	now := in.System.Now().UTC()
	if now.Before(oldest) {
		return bad(name, Fail, fix, "the clock says %s: requests signed with the right time are refused", now.Format(time.DateOnly))
	}
	if in.AuthorityNotBefore.IsZero() {
		return ok(name, "%s, no CA yet", now.Format(time.RFC3339))
	}
	if now.Before(in.AuthorityNotBefore) {
		return bad(name, Fail, fix, "the clock says %s, before the CA was made (%s): clients refuse every certificate",
			now.Format(time.RFC3339), in.AuthorityNotBefore.UTC().Format(time.RFC3339))
	}
	if now.After(in.AuthorityNotAfter.Add(-renewBefore)) {
		level := Warn
		if now.After(in.AuthorityNotAfter) {
			level = Fail
		}
		return bad(name, level, "if the clock is right: stop aikagi, remove ca.pem and ca-key.pem, start it, and give every client the new ca.pem",
			"the CA expires on %s, and every certificate with it", in.AuthorityNotAfter.UTC().Format(time.DateOnly))
	}
	return ok(name, "%s, within the CA's validity", now.Format(time.RFC3339))
}
