package integration

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/integration/harness"
)

func tags(pairs ...string) []types.Tag {
	list := []types.Tag{}
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, types.Tag{Key: &pairs[i], Value: &pairs[i+1]})
	}
	return list
}

// tagged is something with tags.
type tagged struct {
	t   *testing.T
	s   *harness.Server
	arn *string
}

func (r tagged) check(pairs ...string) {
	r.t.Helper()
	out, err := r.s.API().ListTagsForResource(r.t.Context(), &elasticache.ListTagsForResourceInput{ResourceName: r.arn})
	if err != nil {
		r.t.Error(err)
		return
	}
	if diff := cmp.Diff(tagMap(tags(pairs...)), tagMap(out.TagList)); diff != "" {
		r.t.Errorf("tags of %s (-want +got):\n%s", *r.arn, diff)
	}
}

func tagMap(list []types.Tag) map[string]string {
	m := map[string]string{}
	for _, t := range list {
		m[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return m
}

func (r tagged) add(pairs ...string) error {
	_, err := r.s.API().AddTagsToResource(r.t.Context(), &elasticache.AddTagsToResourceInput{ResourceName: r.arn, Tags: tags(pairs...)})
	return err
}

func (r tagged) remove(keys ...string) error {
	_, err := r.s.API().RemoveTagsFromResource(r.t.Context(), &elasticache.RemoveTagsFromResourceInput{ResourceName: r.arn, TagKeys: keys})
	return err
}

func (r tagged) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	s := harness.Start(t)
	engine := harness.Engines(t)[0]
	g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{NumCacheClusters: aws.Int32(2), Tags: tags("team", "blue")})
	newCluster(t, s, engine, "alone")
	whole := tagged{t, s, g.describe().ARN}
	member := tagged{t, s, describeCluster(t, s, "g-002").ARN}
	alone := tagged{t, s, describeCluster(t, s, "alone").ARN}

	whole.check("team", "blue")
	member.check("team", "blue")
	alone.check()

	whole.must(whole.add("team", "red", "<&>", "ü \"'"))
	whole.check("team", "red", "<&>", "ü \"'")
	member.check("team", "red", "<&>", "ü \"'")
	member.must(member.add("own", ""))
	member.check("team", "red", "<&>", "ü \"'", "own", "")
	whole.check("team", "red", "<&>", "ü \"'")
	whole.must(whole.remove("<&>"))
	member.check("team", "red", "own", "")
	alone.must(alone.add("a", "1", "b", "2"))
	alone.must(alone.remove("a"))
	alone.check("b", "2")

	checkRefusal(t, alone.remove("a"), "TagNotFound", "a")
	checkRefusal(t, alone.add("aws:x", "1"), invalidValue, "reserved")
	many := make([]string, 0, 100)
	for i := range 50 {
		many = append(many, "k"+strconv.Itoa(i), "v")
	}
	checkRefusal(t, alone.add(many...), "TagQuotaPerResourceExceeded", "50")
	alone.check("b", "2")
	for arn, code := range map[string]string{
		"g": "InvalidARN", "arn:aws:elasticache:us-east-1:000000000000:replicationgroup": "InvalidARN",
		"arn:aws:elasticache:us-east-1:000000000000:user:u":               "UserNotFound",
		"arn:aws:elasticache:us-east-1:000000000000:usergroup:u":          "UserGroupNotFound",
		"arn:aws:elasticache:us-east-1:000000000000:globalreplication:u":  "InvalidARN",
		"arn:aws:elasticache:us-east-1:000000000000:replicationgroup:no":  notThere,
		"arn:aws:elasticache:us-east-1:000000000000:cluster:no":           "CacheClusterNotFound",
		"arn:aws:elasticache:us-east-1:000000000000:replicationgroup:g-2": notThere,
	} {
		checkRefusal(t, tagged{t, s, &arn}.add("a", "1"), code, "")
		_, err := s.API().ListTagsForResource(t.Context(), &elasticache.ListTagsForResourceInput{ResourceName: &arn})
		checkRefusal(t, err, code, "")
	}
}
