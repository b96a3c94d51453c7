package elasticache

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// neutral are the values of parameters that aikagi does not honour, but that ask
// for just what it does anyway.
var neutral = map[string]string{
	"NetworkType": "ipv4", "IpDiscovery": "ipv4", "ClusterMode": "disabled", "AZMode": "single-az", "Durability": "default",
}

// refuse names every parameter of an input that is set and would be ignored, and with them everything else that is
// wrong, so that callers need not find out one by one.
func (a action) refuse(ctx context.Context, api *API, input any) error {
	if a.honoured == nil {
		return nil // the action is not built, which its run says
	}
	lacking := unhonouredIn(input, a.honoured)
	var fault error
	if a.review != nil {
		var more []string
		more, fault = a.review(api, ctx, input)
		lacking = append(lacking, more...)
	}
	if errors.Is(fault, errReplicaParameters) {
		return fault // the original's own refusal of all of them
	}
	if len(lacking) == 0 {
		return nil // the handler says what is wrong
	}
	slices.Sort(lacking)
	return cache.Join(unsupported(lacking), fault)
}

// unsupported is the one wording for parameters that cannot be honoured.
func unsupported(names []string) error {
	verb := "is"
	list := names[len(names)-1]
	if others := names[:len(names)-1]; len(others) > 0 {
		verb, list = "are", strings.Join(others, ", ")+" and "+list
	}
	return cache.Errorf(cache.KindNotImplemented, "%s %s not supported by aikagi yet: docs/compatibility.md lists what is.", list, verb)
}

// unhonouredIn are the parameters of an input that are set and not honoured. Off is off: false,
// zero and empty lists pass.
func unhonouredIn(input any, honoured []string) []string {
	var names []string
	v := reflect.ValueOf(input).Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.IsExported() && !slices.Contains(honoured, field.Name) && asks(v.Field(i), neutral[field.Name]) {
			names = append(names, field.Name)
		}
	}
	return names
}

// asks reports whether a parameter asks for something else than what is done anyway.
func asks(value reflect.Value, neutral string) bool {
	if value.Kind() == reflect.Pointer && !value.IsNil() {
		value = value.Elem()
	}
	off := value.IsZero() || value.Kind() == reflect.Slice && value.Len() == 0
	return !off && (value.Kind() != reflect.String || value.String() != neutral)
}

// reviewed adds a review to an action: some values of parameters cannot be honoured although the parameters are.
func reviewed[In any](a action, review func(*API, context.Context, *In) ([]string, error)) action {
	a.review = func(api *API, ctx context.Context, input any) ([]string, error) { return review(api, ctx, input.(*In)) }
	return a
}

func (a *API) reviewNewGroup(ctx context.Context, in *sdk.CreateReplicationGroupInput) ([]string, error) {
	var lacking []string
	lack := func(is bool, name string) {
		if is {
			lacking = append(lacking, name)
		}
	}
	lack(in.NumNodeGroups != nil && *in.NumNodeGroups > 1, "NumNodeGroups greater than 1")
	lack(len(in.NodeGroupConfiguration) > 1, "NodeGroupConfiguration with more than one entry")
	lack(in.TransitEncryptionMode == types.TransitEncryptionModePreferred, "TransitEncryptionMode preferred")
	lack(strings.HasSuffix(act.Lower(in.CacheParameterGroupName), ".cluster.on"), "a CacheParameterGroupName for cluster mode")
	has := func(set func(types.NodeGroupConfiguration) bool) bool {
		return slices.ContainsFunc(in.NodeGroupConfiguration, set)
	}
	lack(has(func(c types.NodeGroupConfiguration) bool { return aws.ToString(c.Slots) != "" }), "Slots of NodeGroupConfiguration")
	lack(has(func(c types.NodeGroupConfiguration) bool { return aws.ToString(c.PrimaryOutpostArn) != "" }), "PrimaryOutpostArn of NodeGroupConfiguration")
	lack(has(func(c types.NodeGroupConfiguration) bool { return len(c.ReplicaOutpostArns) > 0 }), "ReplicaOutpostArns of NodeGroupConfiguration")
	_, _, err := a.newGroup(ctx, in)
	return lacking, err
}

func (a *API) reviewNewCluster(ctx context.Context, in *sdk.CreateCacheClusterInput) ([]string, error) {
	if act.Lower(in.ReplicationGroupId) != "" {
		return nil, checkReplica(in)
	}
	_, err := a.newCluster(ctx, in)
	return nil, err
}

func reviewShards(configuration []types.ConfigureShard) ([]string, error) {
	outposts := func(c types.ConfigureShard) bool { return len(c.PreferredOutpostArns) > 0 }
	if slices.ContainsFunc(configuration, outposts) {
		return []string{"PreferredOutpostArns of ReplicaConfiguration"}, nil
	}
	return nil, nil
}
