package cache

import (
	"encoding/json"
	"testing"
)

// TestFormerStatusIsRead reads what an earlier release stored.
func TestFormerStatusIsRead(t *testing.T) {
	t.Parallel()
	for stored, want := range map[string]Status{
		`"rebooting cluster nodes"`: StatusRebooting, `"rebooting cache cluster nodes"`: StatusRebooting, `"available"`: StatusAvailable, `""`: "",
	} {
		var n struct {
			Status Status `json:"status"`
		}
		if err := json.Unmarshal([]byte(`{"status":`+stored+`}`), &n); err != nil || n.Status != want {
			t.Errorf("%s: %q, %v", stored, n.Status, err)
		}
	}
	if text, err := json.Marshal(StatusRebooting); err != nil || string(text) != `"rebooting cache cluster nodes"` {
		t.Errorf("stored as %s, %v", text, err)
	}
}
