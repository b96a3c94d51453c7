package awsquery_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/elasticache/awsquery"
)

// token and tokenReport stand for the answer of an action that AWS does not have.
type token struct {
	ID       string
	LastSeen *time.Time
	State    state
}

type state string

type tokenReport struct {
	Group  string
	Tokens []token
	Tags   []types.Tag
	secret string
}

func TestEncode(t *testing.T) {
	t.Parallel()
	seen := time.Date(2024, 3, 1, 9, 30, 0, 120e6+999, time.FixedZone("", 9*3600))
	cases := []struct {
		name   string
		action string
		output any
		opts   []awsquery.Option
		want   string
	}{
		{
			"empty lists at the top", "DescribeEvents", &elasticache.DescribeEventsOutput{}, nil,
			`<DescribeEventsResponse xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/">` +
				`<DescribeEventsResult><Events></Events></DescribeEventsResult>` +
				`<ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></DescribeEventsResponse>`,
		},
		{
			"no result element", "DeleteCacheSubnetGroup", &elasticache.DeleteCacheSubnetGroupOutput{}, nil,
			`<DeleteCacheSubnetGroupResponse xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/">` +
				`<ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></DeleteCacheSubnetGroupResponse>`,
		},
		{
			"no output", "StopThinking", nil, nil,
			`<StopThinkingResponse xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/">` +
				`<StopThinkingResult></StopThinkingResult>` +
				`<ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></StopThinkingResponse>`,
		},
		{
			"another service", "GetCallerIdentity",
			struct{ Arn, UserId, Account *string }{aws.String("arn:aws:iam::000000000000:root"), nil, aws.String("000000000000")},
			[]awsquery.Option{awsquery.WithNamespace(awsquery.STSNamespace)},
			`<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
				`<Arn>arn:aws:iam::000000000000:root</Arn><Account>000000000000</Account></GetCallerIdentityResult>` +
				`<ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
		},
		{
			"structs of ours", "DescribeTokens",
			tokenReport{Group: "a<b", Tokens: []token{{ID: "1", LastSeen: &seen}, {State: "live"}}, secret: "x"}, nil,
			`<DescribeTokensResponse xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/"><DescribeTokensResult>` +
				`<Group>a&lt;b</Group><Tokens><member><ID>1</ID><LastSeen>2024-03-01T00:30:00.120Z</LastSeen></member>` +
				`<member><ID></ID><State>live</State></member></Tokens><Tags></Tags></DescribeTokensResult>` +
				`<ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></DescribeTokensResponse>`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			if err := awsquery.Encode(&b, c.action, c.output, "r1", c.opts...); err != nil {
				t.Fatal(err)
			}
			if b.String() != c.want {
				t.Errorf("got\n%s\nwant\n%s", b.String(), c.want)
			}
		})
	}
}

func TestEncodeNested(t *testing.T) {
	t.Parallel()
	group := types.ReplicationGroup{MemberClusters: []string{}, NodeGroups: nil}
	var b strings.Builder
	output := &elasticache.ModifyReplicationGroupOutput{ReplicationGroup: &group}
	if err := awsquery.Encode(&b, "ModifyReplicationGroup", output, "r1"); err != nil {
		t.Fatal(err)
	}
	if want := "<ReplicationGroup><MemberClusters></MemberClusters></ReplicationGroup>"; !strings.Contains(b.String(), want) {
		t.Errorf("got %s, want %s in it", b.String(), want)
	}
}

func TestEncodeRefusals(t *testing.T) {
	t.Parallel()
	for _, output := range []any{
		7,
		struct{ M map[string]string }{map[string]string{}},
		struct{ B []byte }{[]byte("x")},
		struct{ P []*token }{[]*token{nil}},
		struct{ F float64 }{math.NaN()},
	} {
		var b bytes.Buffer
		if err := awsquery.Encode(&b, "Any", output, "r1"); err == nil || b.Len() > 0 {
			t.Errorf("%#v: got %v and %q", output, err, b.String())
		}
	}
	if err := awsquery.Encode(brokenWriter{}, "Any", nil, "r1"); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v, want the writer's error", err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
