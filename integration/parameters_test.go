package integration_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/integration/load"
	"github.com/aikagi/aikagi/internal/engine"
	"github.com/aikagi/aikagi/internal/fault"
)

// newestVersion is that which a new cache of the engine gets.
func newestVersion(t *testing.T, s *harness.Server, engine string) types.CacheEngineVersion {
	t.Helper()
	version, err := load.NewestVersion(t.Context(), s.API(), engine)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

// family is the parameter group family of that version.
func family(t *testing.T, s *harness.Server, engine string) string {
	t.Helper()
	return aws.ToString(newestVersion(t, s, engine).CacheParameterGroupFamily)
}

// settingsOf asks every node of a server for its settings, as its administrator.
func settingsOf(t *testing.T, s *harness.Server, names ...string) map[string]map[string]string {
	t.Helper()
	master, err := os.ReadFile(filepath.Join(s.Dir, "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	var want []engine.Setting
	for _, name := range names {
		want = append(want, engine.Setting{Name: name})
	}
	all := map[string]map[string]string{}
	for node, pid := range s.Nodes() {
		id, uid, _ := strings.Cut(node, ".")
		admin, err := engine.ConnectAdmin(t.Context(), func(ctx context.Context) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", fmt.Sprintf("/proc/%d/cwd/admin.sock", pid))
		}, engine.NewKeyring(master), uid)
		if err != nil {
			t.Fatalf("%s: %v", node, err)
		}
		view, err := admin.Observe(t.Context(), want...)
		admin.Close()
		if err != nil {
			t.Fatalf("%s: %v", node, err)
		}
		all[id] = view.Settings
	}
	return all
}

// wantSettings checks that so many nodes have these values, among others.
func wantSettings(t *testing.T, s *harness.Server, nodes int, want map[string]string) {
	t.Helper()
	var names []string
	for name := range want {
		names = append(names, name)
	}
	all := settingsOf(t, s, names...)
	if len(all) != nodes {
		t.Errorf("%d nodes, want %d", len(all), nodes)
	}
	for node, has := range all {
		for name, value := range want {
			if has[name] != value {
				t.Errorf("%s has %s %q, want %q", node, name, has[name], value)
			}
		}
	}
}

// awaitInSync waits until all clusters have the parameters of their group.
func awaitInSync(t *testing.T, s *harness.Server, parameterGroup string) {
	t.Helper()
	harness.Await(t, harness.Patience, "parameters to be in sync", func() (bool, error) {
		out, err := s.API().DescribeCacheClusters(t.Context(), &elasticache.DescribeCacheClustersInput{ShowCacheNodeInfo: aws.Bool(true)})
		if err != nil {
			return false, err
		}
		for _, c := range out.CacheClusters {
			p := c.CacheParameterGroup
			if aws.ToString(p.CacheParameterGroupName) != parameterGroup || aws.ToString(p.ParameterApplyStatus) != "in-sync" || aws.ToString(c.CacheClusterStatus) != "available" {
				return false, nil
			}
		}
		return len(out.CacheClusters) > 0, nil
	})
}

// modify sets parameters of a group.
func modifyParameters(t *testing.T, s *harness.Server, group string, values map[string]string) {
	t.Helper()
	if err := load.SetParameters(t.Context(), s.API(), group, values); err != nil {
		t.Fatal(err)
	}
}

// TestParameterGroups is the life of a parameter group: its values are with every node of the caches that use it, from the start, after a
// change, in a node that was killed and after the control plane was; and it is gone when nobody uses it.
func TestParameterGroups(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		api, name := s.API(), aws.String("Small")
		made, err := api.CreateCacheParameterGroup(t.Context(), &elasticache.CreateCacheParameterGroupInput{
			CacheParameterGroupName: name, CacheParameterGroupFamily: aws.String(family(t, s, engine)), Description: aws.String("d"),
		})
		if err != nil || aws.ToString(made.CacheParameterGroup.CacheParameterGroupName) != "small" || !strings.HasSuffix(aws.ToString(made.CacheParameterGroup.ARN), ":parametergroup:small") {
			t.Fatalf("%+v, %v", made, err)
		}
		want := map[string]string{"timeout": "60", "maxmemory-policy": "allkeys-lru", "hash-max-listpack-entries": "1024"}
		modifyParameters(t, s, "small", want)
		modifyParameters(t, s, "small", map[string]string{"notify-keyspace-events": "ExA", "client-output-buffer-limit-pubsub-soft-seconds": "90"})
		if _, err := api.CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
			ReplicationGroupId: aws.String("g"), ReplicationGroupDescription: aws.String("d"), Engine: &engine, CacheNodeType: aws.String("cache.t4g.micro"),
			NumCacheClusters: aws.Int32(2), CacheParameterGroupName: name,
		}); err != nil {
			t.Fatal(err)
		}
		s.AwaitStatus("g", "available")
		awaitInSync(t, s, "small")
		maps.Copy(want, map[string]string{ // some of them by the defaults of the original
			"maxmemory-samples": "3", "latency-tracking": "no", "cluster-require-full-coverage": "no", "active-defrag-cycle-max": "75", "maxmemory": "402653184",
		})
		wantSettings(t, s, 2, want)

		modifyParameters(t, s, "small", map[string]string{"timeout": "120", "reserved-memory-percent": "50"})
		awaitInSync(t, s, "small")
		want["timeout"], want["maxmemory"] = "120", "268435456"
		wantSettings(t, s, 2, want)
		wantParameterEvents(t, s, "g-002", "Updated parameter reserved-memory-percent to 50", "Updated parameter timeout to 120")

		s.Kill()
		for _, pid := range s.Nodes() {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
		s.Start()
		api = s.API()
		harness.Await(t, harness.Patience, "both nodes to be back", func() (bool, error) { return len(s.Nodes()) == 2, nil })
		awaitInSync(t, s, "small")
		wantSettings(t, s, 2, want)
		t.Run("what the engine refuses", func(t *testing.T) { keptParameter(t, s) })

		if _, err := api.DeleteCacheParameterGroup(t.Context(), &elasticache.DeleteCacheParameterGroupInput{CacheParameterGroupName: name}); err == nil ||
			!strings.Contains(err.Error(), "One or more cache clusters are still members of this parameter group small, so the group cannot be deleted. It is used by g.") {
			t.Errorf("delete while used: %v", err)
		}
		if _, err := api.ResetCacheParameterGroup(t.Context(), &elasticache.ResetCacheParameterGroupInput{CacheParameterGroupName: name, ResetAllParameters: aws.Bool(true)}); err != nil {
			t.Fatal(err)
		}
		awaitInSync(t, s, "small")
		wantSettings(t, s, 2, map[string]string{"timeout": "0", "maxmemory": "402653184", "maxmemory-policy": "volatile-lru", "notify-keyspace-events": ""})
		standard := "default." + family(t, s, engine)
		if _, err := api.ModifyReplicationGroup(t.Context(), &elasticache.ModifyReplicationGroupInput{ReplicationGroupId: aws.String("g"), CacheParameterGroupName: &standard}); err != nil {
			t.Fatal(err)
		}
		awaitInSync(t, s, standard)
		wantParameterEvents(t, s, "g-001", "Updated to use a CacheParameterGroup "+standard)
		if _, err := api.DeleteCacheParameterGroup(t.Context(), &elasticache.DeleteCacheParameterGroupInput{CacheParameterGroupName: name}); err != nil {
			t.Error(err)
		}
	})
}

// keptParameter sets what only some builds of the engines take. It is in force, or an event says that it is not; nothing else is kept
// from the nodes by it.
func keptParameter(t *testing.T, s *harness.Server) {
	modifyParameters(t, s, "small", map[string]string{"activedefrag": "yes", "lfu-log-factor": "7"})
	awaitInSync(t, s, "small")
	wantSettings(t, s, 2, map[string]string{"lfu-log-factor": "7"})
	if settingsOf(t, s, "activedefrag")["g-001"]["activedefrag"] == "no" {
		wantParameterEvents(t, s, "g-001", "The value yes of activedefrag stays in the parameter group")
	}
}

// wantParameterEvents checks that events of a cluster begin with these texts.
func wantParameterEvents(t *testing.T, s *harness.Server, cluster string, texts ...string) {
	t.Helper()
	out, err := s.API().DescribeEvents(t.Context(), &elasticache.DescribeEventsInput{SourceType: types.SourceTypeCacheCluster, SourceIdentifier: &cluster})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range out.Events {
		all = append(all, aws.ToString(e.Message))
	}
	for _, text := range texts {
		if !strings.Contains("\n"+strings.Join(all, "\n"), "\n"+text) {
			t.Errorf("no event of %s says %q: %q", cluster, text, all)
		}
	}
}

// cliParameter is what the AWS CLI shows of a parameter.
type cliParameter struct {
	ParameterName, ParameterValue, Source, DataType, AllowedValues, ChangeType, MinimumEngineVersion string
	IsModifiable                                                                                     bool
}

// TestParameterGroupsByCLI is what the AWS CLI shows of parameters.
func TestParameterGroupsByCLI(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	cli := func(into any, words string) {
		t.Helper()
		out, problems, err := s.AWS(append([]string{"elasticache", "--output", "json"}, strings.Fields(words)...)...)
		if err == nil && into != nil {
			err = json.Unmarshal([]byte(out), into)
		}
		if err != nil {
			t.Fatalf("aws elasticache %s: %v\n%s", words, err, problems)
		}
	}
	cli(nil, "create-cache-parameter-group --cache-parameter-group-name mine --cache-parameter-group-family redis5.0 --description d --tags Key=a,Value=b")
	cli(nil, "modify-cache-parameter-group --cache-parameter-group-name mine --parameter-name-values ParameterName=timeout,ParameterValue=0 ParameterName=databases,ParameterValue=32")
	var shown struct{ Parameters []cliParameter }
	cli(&shown, "describe-cache-parameters --cache-parameter-group-name mine --source user")
	if len(shown.Parameters) != 2 || shown.Parameters[0].ParameterValue != "32" || shown.Parameters[1] != (cliParameter{
		ParameterName: "timeout", ParameterValue: "0", Source: "user", DataType: "integer", AllowedValues: "0,20-", ChangeType: "immediate", MinimumEngineVersion: "5.0.0", IsModifiable: true,
	}) {
		t.Errorf("%+v", shown)
	}
	cli(&shown, "describe-cache-parameters --cache-parameter-group-name mine")
	if len(shown.Parameters) != 57 || shown.Parameters[0].ParameterName != "activedefrag" {
		t.Errorf("%d parameters: %+v", len(shown.Parameters), shown.Parameters)
	}
	// The CLI leaves out what is not in the list that it puts together of pages.
	of, err := s.API().DescribeCacheParameters(t.Context(), &elasticache.DescribeCacheParametersInput{CacheParameterGroupName: aws.String("mine")})
	if err != nil || len(of.CacheNodeTypeSpecificParameters) != 3 || len(of.CacheNodeTypeSpecificParameters[2].CacheNodeTypeSpecificValues) != 112 {
		t.Errorf("%+v, %v", of, err)
	}
	var defaults struct {
		EngineDefaults struct {
			CacheParameterGroupFamily string
			Parameters                []cliParameter
		}
	}
	cli(&defaults, "describe-engine-default-parameters --cache-parameter-group-family redis7 --page-size 20")
	if len(defaults.EngineDefaults.Parameters) != 64 {
		t.Errorf("redis7 has %d parameters", len(defaults.EngineDefaults.Parameters))
	}
	cli(nil, "reset-cache-parameter-group --cache-parameter-group-name mine --parameter-name-values ParameterName=timeout,ParameterValue=0")
	var groups struct {
		CacheParameterGroups []struct{ CacheParameterGroupName string }
	}
	cli(&groups, "describe-cache-parameter-groups")
	if len(groups.CacheParameterGroups) != 22 {
		t.Errorf("%+v", groups)
	}
	const says = "(CacheParameterGroupAlreadyExists) when calling the CreateCacheParameterGroup operation: Parameter group mine already exists"
	again := strings.Fields("elasticache create-cache-parameter-group --cache-parameter-group-name mine --cache-parameter-group-family redis7 --description d")
	if _, problems, err := s.AWS(again...); err == nil || !strings.Contains(problems, says) {
		t.Errorf("created twice: %s (%v)", problems, err)
	}
	cli(nil, "delete-cache-parameter-group --cache-parameter-group-name mine")
}

// TestParametersSurviveKills kills the control plane at each point between a change of parameters and its end. The next one brings it
// to its end.
func TestParametersSurviveKills(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t)
		if _, err := s.API().CreateCacheParameterGroup(t.Context(), &elasticache.CreateCacheParameterGroupInput{
			CacheParameterGroupName: aws.String("mine"), CacheParameterGroupFamily: aws.String(family(t, s, engine)), Description: aws.String("d"),
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.API().CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
			ReplicationGroupId: aws.String("g"), ReplicationGroupDescription: aws.String("d"), Engine: &engine, CacheNodeType: aws.String("cache.t4g.micro"),
			CacheParameterGroupName: aws.String("mine"),
		}); err != nil {
			t.Fatal(err)
		}
		s.AwaitStatus("g", "available")
		for i, point := range fault.ParameterPoints {
			s.Stop()
			s.Start("AIKAGI_FAULT=" + point)
			value := strconv.Itoa(30 + i)
			_, _ = s.API().ModifyCacheParameterGroup(t.Context(), &elasticache.ModifyCacheParameterGroupInput{
				CacheParameterGroupName: aws.String("mine"),
				ParameterNameValues:     []types.ParameterNameValue{{ParameterName: aws.String("timeout"), ParameterValue: &value}},
			}) // which may be answered, or not
			select {
			case <-s.Exited():
			case <-time.After(harness.Patience):
				t.Fatalf("%s was not reached", point)
			}
			if !s.Killed() {
				t.Fatalf("%s: %s", point, s.Output())
			}
			s.Start()
			awaitInSync(t, s, "mine")
			wantSettings(t, s, 1, map[string]string{"timeout": value})
			wantParameterEvents(t, s, "g-001", "Updated parameter timeout to "+value)
		}
	})
}
