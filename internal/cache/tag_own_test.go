package cache

import (
	"strings"
	"testing"
	"time"
)

func TestOwnTags(t *testing.T) {
	t.Parallel()
	for tag, good := range map[Tag]bool{
		{TagSetGuard, "refuse"}: true, {TagSetGuard, "warn"}: true, {TagSetGuard, "off"}: true,
		{TagSetGuard, ""}: false, {TagSetGuard, "REFUSE"}: false, {TagSetGuard, "no"}: false,
		{TagSetGuardQuiet, "10m"}: true, {TagSetGuardQuiet, "0s"}: true, {TagSetGuardQuiet, "720h"}: true,
		{TagSetGuardQuiet, "721h"}: false, {TagSetGuardQuiet, "-1s"}: false, {TagSetGuardQuiet, "10"}: false, {TagSetGuardQuiet, ""}: false,
		{"aikagi:setguard", "refuse"}: false, {"Aikagi:Set-Guard", "refuse"}: false, {"aikagi:", ""}: false,
		{"aikagi", "x"}: true, {"my-aikagi:set-guard", "x"}: true,
	} {
		_, err := Tags{}.With([]Tag{tag})
		if (err == nil) != good {
			t.Errorf("%v: %v", tag, err)
		}
		if err != nil && (!IsKind(err, KindInvalid) || !strings.Contains(err.Error(), "warn or off") && !strings.Contains(err.Error(), "a time of")) {
			t.Errorf("%v: %v does not say what there is", tag, err)
		}
	}
	if guard := (Tags{}).Guard(); guard != (Guard{GuardWarn, 10 * time.Minute}) {
		t.Errorf("without tags: %v", guard)
	}
}
