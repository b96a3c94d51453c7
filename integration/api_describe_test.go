package integration

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

// paginate lists all clusters in pages of 20, and says how many pages there were.
const paginate = `
import json, botocore.session
client = botocore.session.get_session().create_client("elasticache")
pages = [[c["CacheClusterId"] for c in p["CacheClusters"]] for p in
         client.get_paginator("describe_cache_clusters").paginate(PaginationConfig={"PageSize": 20})]
print(json.dumps(pages))
`

// TestPages lists more clusters, and more events, than a page holds.
func TestPages(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	engine := harness.Engines(t)[0]
	var want []string
	for i := range 23 {
		id := fmt.Sprintf("c%02d", i)
		want = append(want, id)
		if _, err := s.API().CreateCacheCluster(t.Context(), &elasticache.CreateCacheClusterInput{CacheClusterId: &id, CacheNodeType: aws.String("cache.t4g.micro"), Engine: &engine}); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range want {
		awaitCluster(t, s, id, "available")
	}
	t.Run("clusters", func(t *testing.T) {
		for _, alone := range []bool{false, true} {
			var got []string
			pages := elasticache.NewDescribeCacheClustersPaginator(s.API(), &elasticache.DescribeCacheClustersInput{
				MaxRecords: aws.Int32(20), ShowCacheClustersNotInReplicationGroups: &alone,
			})
			for pages.HasMorePages() {
				page, err := pages.NextPage(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, clusterIDs(page)...)
			}
			if !slices.Equal(got, want) {
				t.Errorf("clusters, only those in no group: %t: %q", alone, got)
			}
		}
	})
	t.Run("events", func(t *testing.T) {
		var got []string
		pages := elasticache.NewDescribeEventsPaginator(s.API(), &elasticache.DescribeEventsInput{MaxRecords: aws.Int32(20)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Events {
				got = append(got, aws.ToString(e.SourceIdentifier))
			}
		}
		if slices.Sort(got); !slices.Equal(slices.Compact(got), want) {
			t.Errorf("sources of events: %q", got)
		}
	})
	t.Run("botocore", func(t *testing.T) {
		var got [][]string
		if err := json.Unmarshal(botocore(t, s, paginate), &got); err != nil {
			t.Fatal(err)
		}
		if len(got) != 2 || len(got[0]) != 20 || !slices.Equal(slices.Concat(got...), want) {
			t.Errorf("pages: %q", got)
		}
	})
	t.Run("refusals", func(t *testing.T) {
		for _, in := range []elasticache.DescribeCacheClustersInput{
			{MaxRecords: aws.Int32(19)}, {MaxRecords: aws.Int32(101)}, {Marker: aws.String("c20")}, {Marker: aws.String("!")},
		} {
			_, err := s.API().DescribeCacheClusters(t.Context(), &in)
			checkRefusal(t, err, invalidValue, "")
		}
	})
}

func TestEventParameters(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	newCluster(t, s, harness.Engines(t)[0], "alone")
	now := time.Now()
	count := func(in elasticache.DescribeEventsInput) int {
		out, err := s.API().DescribeEvents(t.Context(), &in)
		if err != nil {
			t.Error(err)
			return -1
		}
		return len(out.Events)
	}
	for name, c := range map[string]struct {
		in   elasticache.DescribeEventsInput
		want int
	}{
		"all":                {elasticache.DescribeEventsInput{}, 2},
		"source":             {elasticache.DescribeEventsInput{SourceType: types.SourceTypeCacheCluster, SourceIdentifier: aws.String("ALONE")}, 2},
		"other source":       {elasticache.DescribeEventsInput{SourceType: types.SourceTypeCacheCluster, SourceIdentifier: aws.String("alon")}, 0},
		"other type":         {elasticache.DescribeEventsInput{SourceType: types.SourceTypeReplicationGroup}, 0},
		"type without any":   {elasticache.DescribeEventsInput{SourceType: types.SourceTypeUserGroup}, 0},
		"14 days":            {elasticache.DescribeEventsInput{Duration: aws.Int32(14 * 24 * 60)}, 2},
		"from an hour ago":   {elasticache.DescribeEventsInput{StartTime: aws.Time(now.Add(-time.Hour))}, 2},
		"from a minute on":   {elasticache.DescribeEventsInput{StartTime: aws.Time(now.Add(time.Minute))}, 0},
		"until an hour ago":  {elasticache.DescribeEventsInput{EndTime: aws.Time(now.Add(-time.Hour))}, 0},
		"between":            {elasticache.DescribeEventsInput{StartTime: aws.Time(now.Add(-time.Hour)), EndTime: aws.Time(now.Add(time.Hour))}, 2},
		"start and duration": {elasticache.DescribeEventsInput{StartTime: aws.Time(now.Add(-time.Hour)), Duration: aws.Int32(10)}, 0},
	} {
		if got := count(c.in); got != c.want {
			t.Errorf("%s: %d events, want %d", name, got, c.want)
		}
	}
	for code, inputs := range map[string][]elasticache.DescribeEventsInput{
		invalidValue: {{Duration: aws.Int32(0)}, {Duration: aws.Int32(-1)}, {Duration: aws.Int32(14*24*60 + 1)}, {MaxRecords: aws.Int32(10)}, {SourceType: "node"}},
		invalidCombi: {{SourceIdentifier: aws.String("alone")}, {StartTime: aws.Time(now), EndTime: aws.Time(now.Add(-time.Hour))},
			{StartTime: aws.Time(now), EndTime: aws.Time(now.Add(time.Hour)), Duration: aws.Int32(5)}},
	} {
		for _, in := range inputs {
			_, err := s.API().DescribeEvents(t.Context(), &in)
			checkRefusal(t, err, code, "")
		}
	}
}

// TestEngineVersions compares what the API offers with what the programs say.
func TestEngineVersions(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	out, err := s.API().DescribeCacheEngineVersions(t.Context(), &elasticache.DescribeCacheEngineVersionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range out.CacheEngineVersions {
		if aws.ToString(v.Engine) == "redis" && aws.ToString(v.EngineVersion) == "7.1" { // which only the original has
			if d := aws.ToString(v.CacheEngineVersionDescription); !strings.HasPrefix(d, "redis version 7.1, served by redis 7.") {
				t.Errorf("redis 7.1 is described as %s", d)
			}
			continue
		}
		got = append(got, aws.ToString(v.Engine))
		version, err := exec.Command(aws.ToString(v.Engine)+"-server", "--version").Output()
		if err != nil || !strings.Contains(string(version), "v="+strings.TrimPrefix(aws.ToString(v.CacheEngineVersionDescription), aws.ToString(v.Engine)+" version ")+" ") {
			t.Errorf("%s %s is offered, and the program says %q (%v)", aws.ToString(v.Engine), aws.ToString(v.EngineVersion), version, err)
		}
		if d := aws.ToString(v.CacheEngineVersionDescription); !strings.HasPrefix(d, aws.ToString(v.Engine)+" version "+aws.ToString(v.EngineVersion)+".") {
			t.Errorf("%s %s is described as %s", aws.ToString(v.Engine), aws.ToString(v.EngineVersion), d)
		}
		major, _, _ := strings.Cut(aws.ToString(v.EngineVersion), ".")
		if family := aws.ToString(v.CacheParameterGroupFamily); family != aws.ToString(v.Engine)+major {
			t.Errorf("family %s of %s %s", family, aws.ToString(v.Engine), aws.ToString(v.EngineVersion))
		}
	}
	if slices.Sort(got); !slices.Equal(got, harness.Engines(t)) {
		t.Errorf("engines: %q, installed: %q", got, harness.Engines(t))
	}
	only, err := s.API().DescribeCacheEngineVersions(t.Context(), &elasticache.DescribeCacheEngineVersionsInput{Engine: aws.String("VALKEY"), EngineVersion: aws.String("1.0")})
	if err != nil || len(only.CacheEngineVersions) != 0 {
		t.Errorf("versions 1.0 of valkey: %v, %v", only, err)
	}
}

// botocore runs a script with a Python that has AWS's SDK, which is the AWS CLI's, too.
func botocore(t *testing.T, s *harness.Server, script string) []byte {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import botocore").Run() != nil {
			continue
		}
		command := exec.CommandContext(t.Context(), python, "-c", script)
		command.Env, command.Stderr = s.AWSEnv(), os.Stderr
		out, err := command.Output()
		if err != nil {
			t.Fatalf("%s: %v", python, err)
		}
		return out
	}
	t.Skip("no Python has botocore (pip install botocore)")
	return nil
}
