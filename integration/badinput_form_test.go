package integration

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

// TestForms sends forms that are wrong in every way there is. The answers are the
// codes that AWS's Query services have in common.
func TestForms(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	const version = "&Version=2015-02-02"
	const create = "Action=CreateReplicationGroup" + version + "&ReplicationGroupDescription=d&ReplicationGroupId=g&CacheNodeType=cache.t4g.micro"
	const cluster = "Action=CreateCacheCluster" + version + "&CacheClusterId=c&CacheNodeType=cache.t4g.micro"
	for body, want := range map[string]struct {
		status        int
		code, message string
	}{
		describeGroups + "&Marker=%zz":           {404, "MalformedQueryString", "form"},
		describeGroups + ";Marker=a":             {404, "MalformedQueryString", "form"},
		"":                                       {400, "MissingAction", "Action"},
		"Version=2015-02-02":                     {400, "MissingAction", "Action"},
		`{"Action":"DescribeReplicationGroups"}`: {400, "MissingAction", "Action"},
		"Action=DescribeReplicationGroups":       {400, "InvalidAction", "DescribeReplicationGroups for version NO_VERSION_SPECIFIED"},
		"Action=DescribeReplicationGroups&Version=2014-01-01":                                 {400, "InvalidAction", "2014-01-01"},
		"Action=RebootEverything" + version:                                                   {400, "InvalidAction", "RebootEverything"},
		"Action=" + strings.Repeat("x", 9999) + version:                                       {400, "InvalidAction", "…"},
		"Action=%ff%00" + version:                                                             {400, "InvalidAction", "Could not find operation"},
		describeGroups + "&Colour=blue":                                                       {400, "InvalidQueryParameter", "Colour is not recognized"},
		describeGroups + "&replicationGroupId=g":                                              {400, "InvalidQueryParameter", "replicationGroupId"},
		describeGroups + "&Marker=a&Marker=b":                                                 {400, "InvalidQueryParameter", "only once"},
		describeGroups + "&Action=DescribeEvents":                                             {400, "InvalidQueryParameter", "only once"},
		describeGroups + "&Marker.1=a":                                                        {400, "InvalidQueryParameter", "Marker.1"},
		describeGroups + "&.=a":                                                               {400, "InvalidQueryParameter", "not well formed"},
		describeGroups + "&MaxRecords=many":                                                   {400, invalidValue, "MaxRecords"},
		describeGroups + "&MaxRecords=99999999999999":                                         {400, invalidValue, "MaxRecords"},
		describeGroups + "&MaxRecords=5":                                                      {400, invalidValue, "between 20 and 100"},
		describeGroups + "&Marker=%ff":                                                        {400, invalidValue, "UTF-8"},
		describeGroups + "&Marker=%00":                                                        {400, invalidValue, "UTF-8"},
		"Action=DeleteReplicationGroup" + version:                                             {400, "MissingParameter", "ReplicationGroupId"},
		create + "&TransitEncryptionEnabled=yes":                                              {400, invalidValue, "TransitEncryptionEnabled"},
		create + "&Tags.Tag.2.Key=a":                                                          {400, "InvalidQueryParameter", "Tags.Tag.2"},
		create + "&Tags.Tag.1.Colour=a":                                                       {400, "InvalidQueryParameter", "Tags.Tag.1.Colour"},
		create + "&Engine=memcached":                                                          {400, invalidValue, "redis, valkey"},
		create + "&Port=22":                                                                   {400, invalidValue, "port"},
		create + "&NumCacheClusters=7":                                                        {400, invalidValue, "NumCacheClusters"},
		create + "&NumCacheClusters=0":                                                        {400, invalidValue, "NumCacheClusters"},
		create + "&ReplicasPerNodeGroup=-1":                                                   {400, invalidValue, "replicas"},
		create + "&NumCacheClusters=2&ReplicasPerNodeGroup=3":                                 {400, invalidCombi, "contradict"},
		strings.Replace(create, "cache.t4g.micro", "cache.huge", 1):                           {400, invalidValue, "cache.FAMILY.SIZE"},
		create + "&CacheParameterGroupName=mine":                                              {404, "CacheParameterGroupNotFound", "mine"},
		create + "&CacheSubnetGroupName=mine":                                                 {400, "CacheSubnetGroupNotFoundFault", "mine"},
		create + "&PreferredMaintenanceWindow=tonight":                                        {400, invalidValue, "tonight"},
		create + "&SnapshotWindow=05:00-05:30":                                                {400, invalidValue, "60 minutes"},
		create + "&AtRestEncryptionEnabled=true":                                              {400, invalidCombi, "--encrypted-data-dir"},
		create + "&TransitEncryptionMode=required":                                            {400, invalidCombi, "TransitEncryptionEnabled=true"},
		create + "&TransitEncryptionMode=sometimes":                                           {400, invalidValue, "TransitEncryptionMode"},
		cluster + "&NumCacheNodes=2":                                                          {400, invalidValue, "Cannot create a Redis cluster with a NumCacheNodes parameter greater than 1."},
		cluster + "&Engine=valkey":                                                            {400, invalidValue, "This API doesn't support Valkey engine. Please use CreateReplicationGroup API for Valkey cluster creation."},
		strings.TrimSuffix(cluster, "&CacheNodeType=cache.t4g.micro"):                         {400, invalidValue, "The parameter CacheNodeType must be provided and must not be null."},
		strings.TrimSuffix(create, "&CacheNodeType=cache.t4g.micro"):                          {400, invalidValue, "The parameter CacheNodeType must be provided and must not be null."},
		create + "&PreferredMaintenanceWindow=sun:05:00-sun:06:00&SnapshotWindow=05:30-06:30": {400, invalidValue, "The snapshot window and maintenance window must not overlap."},
		create + "&EngineVersion=7.0.15":                                                      {400, invalidValue, "Specific version selection is not allowed for '7.0.15', please use '7.0'"},
		create + "&EngineVersion=7":                                                           {400, invalidCombi, "Cannot find version 7 for redis"},
		create + "&CacheParameterGroupName=default.redis6.x":                                  {400, invalidCombi, "Expected a parameter group of family redis7 but found one of family redis6.x"},

		cluster + "&TransitEncryptionEnabled=true":                                                          {400, invalidCombi, "Encryption feature is not supported for engine REDIS."},
		"Action=RebootCacheCluster" + version + "&CacheClusterId=c":                                         {400, "MissingParameter", "CacheNodeIdsToReboot"},
		"Action=RebootCacheCluster" + version + "&CacheClusterId=c&CacheNodeIdsToReboot.CacheNodeId.1=0002": {400, invalidValue, "0001"},
	} {
		t.Run(body[:min(len(body), 90)], func(t *testing.T) {
			call{body: body}.check(t, s, want.status, want.code, want.message)
		})
	}
	if out, err := s.API().DescribeCacheClusters(t.Context(), &elasticache.DescribeCacheClustersInput{}); err != nil || len(out.CacheClusters) != 0 {
		t.Errorf("after the refusals: %+v, %v", out, err)
	}
	if strings.Contains(s.Output(), "request failed") {
		t.Error("the service blames itself for what clients sent")
	}
}

func TestIdentifiers(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	for _, id := range []string{"", "1st", "-a", "a-", "a--b", "a b", "a.b", "a/../b", "ä", "a\n", strings.Repeat("a", 41), "a_b", "A:B"} {
		_, err := s.API().CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{ReplicationGroupId: &id, CacheNodeType: aws.String("cache.t4g.micro"), ReplicationGroupDescription: aws.String("d")})
		checkRefusal(t, err, invalidValue, "ReplicationGroupId is not a valid identifier")
		if id == strings.Repeat("a", 41) {
			id = strings.Repeat("a", 51)
		}
		_, err = s.API().CreateCacheCluster(t.Context(), &elasticache.CreateCacheClusterInput{CacheClusterId: &id, CacheNodeType: aws.String("cache.t4g.micro")})
		checkRefusal(t, err, invalidValue, "CacheClusterId is not a valid identifier")
	}
	newGroup(t, s, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{ReplicationGroupId: aws.String(strings.Repeat("a", 40))}).checkAccess(none)
}

// TestTokenRules breaks every rule for tokens; the answer names the rule and never the
// token.
func TestTokenRules(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	g := newGroup(t, s, harness.Engines(t)[0], elasticache.CreateReplicationGroupInput{})
	for token, rule := range map[string]string{
		"":                        "It has 0 characters; it must have 16 to 128.",
		"fifteen-chars-x":         "It has 15 characters; it must have 16 to 128.",
		strings.Repeat("x", 129):  "It has 129 characters; it must have 16 to 128.",
		"spaces are forbidden":    "The character at position 7 is not allowed",
		"at@sign-is-forbidden":    "The character at position 3 is not allowed",
		"slash/is-forbidden-too":  "The character at position 6 is not allowed",
		"double\"quote-forbidden": "The character at position 7 is not allowed",
		"percent%-forbidden-too":  "The character at position 8 is not allowed",
		"umlaut-ä-is-forbidden":   "The character at position 8 is not allowed",
		"newline-at-the-end\n":    "The character at position 19 is not allowed",
		"tab\tis-forbidden-too":   "The character at position 4 is not allowed",
	} {
		in := &elasticache.ModifyReplicationGroupInput{ReplicationGroupId: &g.id, AuthToken: &token}
		_, err := s.API().ModifyReplicationGroup(t.Context(), in)
		checkRefusal(t, err, invalidValue, "Invalid AuthToken provided. "+rule)
		if token != "" && err != nil && strings.Contains(err.Error(), token) {
			t.Errorf("the refusal repeats the token: %v", err)
		}
		_, err = s.API().CreateReplicationGroup(t.Context(), &elasticache.CreateReplicationGroupInput{
			ReplicationGroupId: aws.String("h"), CacheNodeType: aws.String("cache.t4g.micro"), ReplicationGroupDescription: aws.String("d"), AuthToken: &token, TransitEncryptionEnabled: aws.Bool(true),
		})
		checkRefusal(t, err, invalidValue, "Invalid AuthToken provided. "+rule)
	}
	g.checkAccess(none)
	longest := "!&#$^<>-" + strings.Repeat("x", 120)
	g.change(rotate, longest)
	if reply := dial(t, g.primary(), g.ca).do("AUTH", longest); reply != "OK" {
		t.Errorf("AUTH with the longest token: %s", reply)
	}
}

// TestOversizedBodies sends more than a request may have, with and without saying so
// beforehand.
func TestOversizedBodies(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	form := url.Values{"Action": {"DescribeEvents"}, "Marker": {strings.Repeat("x", 300<<10)}}.Encode()
	chunked := func(r *http.Request) { r.ContentLength = -1 }
	for name, c := range map[string]call{"announced": {body: form}, "chunked": {body: form, spoil: chunked}} {
		t.Run(name, func(t *testing.T) { c.check(t, s, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "") })
	}
	stranger := call{body: form, key: &aws.Credentials{}} // whose body nobody waits for
	stranger.check(t, s, http.StatusForbidden, "MissingAuthenticationToken", "")
	call{body: describeGroups}.check(t, s, http.StatusOK, "", "")
}
