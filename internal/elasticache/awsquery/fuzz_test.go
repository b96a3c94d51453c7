package awsquery_test

import (
	"errors"
	"net/url"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aikagi/aikagi/internal/elasticache/awsquery"
)

// FuzzDecode decodes any form into the Input of any action. What is accepted
// must survive being sent by AWS's client and decoded again.
func FuzzDecode(f *testing.F) {
	ops := operations()
	for action, body := range fixtures(f) {
		f.Add(action, body)
	}
	f.Add("AddTagsToResource", "ResourceName=a&Tags.Tag.999999999.Key=x")
	f.Add("AddTagsToResource", "ResourceName=a&Tags="+"&Tags.Tag.1.Key=x")
	f.Add("CreateReplicationGroup", "ReplicationGroupId=a&ReplicationGroupDescription=&SecurityGroupIds=")
	f.Add("DescribeEvents", "StartTime=2024-02-29T21:00:00.500000%2B09:00")
	f.Fuzz(func(t *testing.T, action, body string) {
		op, ok := ops[action]
		form, err := url.ParseQuery(body)
		if !ok || err != nil {
			return
		}
		input := newInput(op)
		allocated := allocatedBy(func() { err = awsquery.Decode(form, input) })
		if limit := uint64(64<<10 + 2000*len(body)); allocated > limit {
			t.Errorf("%d bytes for a form of %d", allocated, len(body))
		}
		if err != nil {
			if !errors.As(err, new(*awsquery.ParamError)) {
				t.Errorf("untyped error: %v", err)
			}
			return
		}
		sent := sentForm(t, op, input)
		again := newInput(op)
		if err := awsquery.Decode(sent, again); err != nil {
			t.Fatalf("decode what was sent: %v", err)
		}
		if d := cmp.Diff(sent, sentForm(t, op, again)); d != "" {
			t.Error(d)
		}
	})
}

func allocatedBy(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
