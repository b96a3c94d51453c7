package awsquery_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/elasticache/awsquery"
)

// refusal is a form that Decode must refuse, and how.
type refusal struct {
	name  string
	into  func() any
	form  string
	kind  awsquery.Kind
	param string
}

func modifyInput() any   { return &elasticache.ModifyReplicationGroupInput{} }
func createInput() any   { return &elasticache.CreateReplicationGroupInput{} }
func eventsInput() any   { return &elasticache.DescribeEventsInput{} }
func tagsInput() any     { return &elasticache.AddTagsToResourceInput{} }
func increaseInput() any { return &elasticache.IncreaseReplicaCountInput{} }

func checkRefusals(t *testing.T, cases []refusal) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			into := c.into()
			err := awsquery.Decode(fixtureForm(t, c.form), into)
			var pe *awsquery.ParamError
			if !errors.As(err, &pe) || pe.Kind != c.kind || pe.Param != c.param {
				t.Fatalf("got %#v, want %s of %q", err, c.kind, c.param)
			}
			if d := diff(c.into(), into); d != "" {
				t.Errorf("input was touched: %s", d)
			}
		})
	}
}

func TestDecodeRefusesNames(t *testing.T) {
	t.Parallel()
	checkRefusals(t, []refusal{
		{"unknown", modifyInput, "ReplicationGroupId=a&Colour=red", awsquery.UnknownParameter, "Colour"},
		{"wrong letter case", modifyInput, "replicationGroupId=a", awsquery.UnknownParameter, "replicationGroupId"},
		{"the SDK's own field", modifyInput, "ReplicationGroupId=a&noSmithyDocumentSerde=x", awsquery.UnknownParameter, "noSmithyDocumentSerde"},
		{"unknown in a structure", tagsInput, "ResourceName=a&Tags.Tag.1.Colour=x", awsquery.UnknownParameter, "Tags.Tag.1.Colour"},
		{"other member name", tagsInput, "ResourceName=a&Tags.Item.1.Key=x", awsquery.UnknownParameter, "Tags.Item"},
		{"part of a scalar", modifyInput, "ReplicationGroupId.x=a", awsquery.UnknownParameter, "ReplicationGroupId.x"},
		{"value and part", modifyInput, "ReplicationGroupId=a&ReplicationGroupId.x=a", awsquery.UnknownParameter, "ReplicationGroupId.x"},
		{"missing", modifyInput, "ApplyImmediately=true", awsquery.MissingParameter, "ReplicationGroupId"},
		{"missing list", tagsInput, "ResourceName=a", awsquery.MissingParameter, "Tags"},
		{
			"missing in a list", increaseInput,
			"ReplicationGroupId=a&ApplyImmediately=true&ReplicaConfiguration.member.1.NewReplicaCount=2",
			awsquery.MissingParameter, "ReplicaConfiguration.ConfigureShard.1.NodeGroupId",
		},
		{"duplicate", modifyInput, "ReplicationGroupId=a&ReplicationGroupId=a", awsquery.DuplicateParameter, "ReplicationGroupId"},
		{"duplicate action", modifyInput, "Action=A&Action=B&ReplicationGroupId=a", awsquery.DuplicateParameter, "Action"},
	})
}

func TestDecodeRefusesValues(t *testing.T) {
	t.Parallel()
	checkRefusals(t, []refusal{
		{"bad boolean", modifyInput, "ReplicationGroupId=a&ApplyImmediately=yes", awsquery.MalformedValue, "ApplyImmediately"},
		{"bad number", eventsInput, "Duration=1x", awsquery.MalformedValue, "Duration"},
		{"empty number", eventsInput, "Duration=", awsquery.MalformedValue, "Duration"},
		{"number too large", eventsInput, "Duration=2147483648", awsquery.MalformedValue, "Duration"},
		{"bad time", eventsInput, "StartTime=yesterday", awsquery.MalformedValue, "StartTime"},
		{"time without zone", eventsInput, "StartTime=2024-01-01T00:00:00", awsquery.MalformedValue, "StartTime"},
		{"year 10000 in UTC", eventsInput, "StartTime=9999-12-31T23:59:59-01:00", awsquery.MalformedValue, "StartTime"},
		{"not UTF-8", eventsInput, "Marker=%FF", awsquery.MalformedValue, "Marker"},
		{"not XML", eventsInput, "Marker=%00", awsquery.MalformedValue, "Marker"},
		{"enum", modifyInput, "ReplicationGroupId=a&AuthTokenUpdateStrategy=set", awsquery.NotPermitted, "AuthTokenUpdateStrategy"},
		{"empty enum", eventsInput, "SourceType=", awsquery.NotPermitted, "SourceType"},
	})
}

func TestDecodeRefusesShapes(t *testing.T) {
	t.Parallel()
	deep := "A" + strings.Repeat(".A", 50)
	checkRefusals(t, []refusal{
		{"index 0", tagsInput, "ResourceName=a&Tags.Tag.0.Key=x", awsquery.MalformedList, "Tags.Tag.0"},
		{"negative index", tagsInput, "ResourceName=a&Tags.Tag.-1.Key=x", awsquery.MalformedList, "Tags.Tag.-1"},
		{"huge index", tagsInput, "ResourceName=a&Tags.Tag.999999999.Key=x", awsquery.MalformedList, "Tags.Tag.999999999"},
		{"index past any integer", tagsInput, "Tags.Tag.99999999999999999999.Key=x", awsquery.MalformedList, "Tags.Tag.99999999999999999999"},
		{"gap", tagsInput, "ResourceName=a&Tags.Tag.1.Key=x&Tags.Tag.3.Key=x", awsquery.MalformedList, "Tags.Tag.3"},
		{"leading zero", tagsInput, "ResourceName=a&Tags.Tag.01.Key=x", awsquery.MalformedList, "Tags.Tag.01"},
		{"no index", tagsInput, "ResourceName=a&Tags.Tag=x", awsquery.MalformedList, "Tags.Tag"},
		{"not an index", tagsInput, "ResourceName=a&Tags.Tag.Key=x", awsquery.MalformedList, "Tags.Tag.Key"},
		{"two member names", tagsInput, "ResourceName=a&Tags.Tag.1.Key=x&Tags.member.2.Key=x", awsquery.MalformedList, "Tags.member"},
		{"value of a list", createInput, "SecurityGroupIds=sg-1", awsquery.MalformedName, "SecurityGroupIds"},
		{"empty and full list", createInput, "SecurityGroupIds=&SecurityGroupIds.member.1=sg-1", awsquery.MalformedName, "SecurityGroupIds"},
		{"value of a structure", tagsInput, "ResourceName=a&Tags.Tag.1=x", awsquery.MalformedName, "Tags.Tag.1"},
		{"empty part", tagsInput, "ResourceName=a&Tags..1.Key=x", awsquery.MalformedName, "Tags..1.Key"},
		{"trailing dot", modifyInput, "ReplicationGroupId.=x", awsquery.MalformedName, "ReplicationGroupId."},
		{"no name", modifyInput, "=x", awsquery.MalformedName, ""},
		{"too deep", modifyInput, deep + "=x", awsquery.TooLarge, deep},
		{"too long", tagsInput, "ResourceName=a" + manyTags(1001), awsquery.TooLarge, "Tags"},
	})
}

func manyTags(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "&Tags.Tag.%d.Key=x", i+1)
	}
	return b.String()
}

func TestDecodeAcceptsWhatClientsSend(t *testing.T) {
	t.Parallel()
	form := "Action=CreateReplicationGroup&Version=2015-02-02&ReplicationGroupId=a&ReplicationGroupDescription=" +
		"&SecurityGroupIds=&MultiAZEnabled=True&Tags.Tag.2.Key=b&Tags.Tag.1.Key=a&TransitEncryptionMode=preferred"
	var got elasticache.CreateReplicationGroupInput
	if err := awsquery.Decode(fixtureForm(t, form), &got); err != nil {
		t.Fatal(err)
	}
	want := elasticache.CreateReplicationGroupInput{
		ReplicationGroupId:          aws.String("a"),
		ReplicationGroupDescription: aws.String(""),
		SecurityGroupIds:            []string{},
		MultiAZEnabled:              aws.Bool(true),
		Tags:                        []types.Tag{{Key: aws.String("a")}, {Key: aws.String("b")}},
		TransitEncryptionMode:       types.TransitEncryptionModePreferred,
	}
	if d := diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestDecodeTimes(t *testing.T) {
	t.Parallel()
	want := time.Date(2024, 2, 29, 12, 0, 0, 500e6, time.UTC)
	for _, text := range []string{"2024-02-29T12:00:00.5Z", "2024-02-29T12:00:00.500Z", "2024-02-29T21:00:00.500000+09:00"} {
		var got elasticache.DescribeEventsInput
		if err := awsquery.Decode(url.Values{"StartTime": {text}}, &got); err != nil {
			t.Fatal(err)
		}
		if !got.StartTime.Equal(want) || got.StartTime.Location() != time.UTC {
			t.Errorf("%s: got %s", text, got.StartTime)
		}
	}
}

// TestDecodeErrorsHideValues: a refused value may be a token.
func TestDecodeErrorsHideValues(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	for _, form := range []url.Values{
		{"ApplyImmediately": {secret}},
		{"AuthTokenUpdateStrategy": {secret}},
		{"AuthToken": {secret + "\x00"}},
		{"AuthToken": {secret, secret}},
		{"Auth-Token": {secret}},
		{"SnapshotRetentionLimit": {secret}},
		{"SecurityGroupIds": {secret}},
	} {
		err := awsquery.Decode(form, &elasticache.ModifyReplicationGroupInput{})
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
			t.Errorf("%v: %v", form, err)
		}
	}
}

func TestDecodeNamesPermittedValues(t *testing.T) {
	t.Parallel()
	form := url.Values{"ReplicationGroupId": {"a"}, "AuthTokenUpdateStrategy": {"REPLACE"}}
	err := awsquery.Decode(form, &elasticache.ModifyReplicationGroupInput{})
	want := "The value of the parameter AuthTokenUpdateStrategy must be one of: SET, ROTATE, DELETE."
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestDecodeIntoWrongTarget(t *testing.T) {
	t.Parallel()
	type extension struct{ Share float64 }
	for _, into := range []any{nil, 7, elasticache.DescribeEventsInput{}, (*elasticache.DescribeEventsInput)(nil), new(int), &extension{}} {
		err := awsquery.Decode(url.Values{"Share": {"1"}}, into)
		if err == nil || errors.As(err, new(*awsquery.ParamError)) {
			t.Errorf("%T: got %v", into, err)
		}
	}
}
