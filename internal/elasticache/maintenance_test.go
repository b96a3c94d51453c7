package elasticache

import (
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
)

// TestMaintenance shows what waits, those first whose window is next, takes it back, and begins it.
func TestMaintenance(t *testing.T) {
	t.Parallel()
	f := newFace(t) // on Monday, 4 May 2026, at noon
	for id, window := range map[string]string{"later": "sun:23:00-mon:00:00", "next": "mon:13:00-mon:14:00", "now": "mon:11:00-mon:13:00"} {
		f.create(sdk.CreateReplicationGroupInput{ReplicationGroupId: &id, PreferredMaintenanceWindow: &window})
		f.settle(id)
	}
	modify := func() {
		t.Helper()
		_, err := f.ModifyReplicationGroup(t.Context(), &sdk.ModifyReplicationGroupInput{ReplicationGroupId: aws.String("next"), CacheNodeType: aws.String("cache.t4g.medium")})
		if err != nil {
			t.Fatal(err)
		}
	}
	modify()
	f.golden("maintenance", "DescribeMaintenance")
	f.golden("maintenance-of-one", "DescribeMaintenance", "ReplicationGroupId", "next")
	f.golden("maintenance-cancelled", "CancelMaintenance", "ReplicationGroupId", "next")
	modify()
	f.golden("maintenance-started", "StartMaintenance", "ReplicationGroupId", "next")
	for id, want := range map[string]string{"later": "Nothing waits for the maintenance window of later.", "nobody": "ReplicationGroup nobody not found."} {
		for _, action := range []string{"StartMaintenance", "CancelMaintenance"} {
			if _, text := f.ask(action, url.Values{"ReplicationGroupId": {id}}); !strings.Contains(text, want) {
				t.Errorf("%s of %s: %s", action, id, text)
			}
		}
	}
}
