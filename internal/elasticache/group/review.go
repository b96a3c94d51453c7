package group

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// ReviewCreate says what of a new group cannot be honoured, and what is wrong with the rest.
func (h Handlers) ReviewCreate(ctx context.Context, in *sdk.CreateReplicationGroupInput) ([]string, error) {
	var lacking []string
	lack := func(is bool, name string) {
		if is {
			lacking = append(lacking, name)
		}
	}
	lack(in.NumNodeGroups != nil && *in.NumNodeGroups > 1, "NumNodeGroups greater than 1")
	lack(len(in.NodeGroupConfiguration) > 1, "NodeGroupConfiguration with more than one entry")
	lack(strings.HasSuffix(act.Lower(in.CacheParameterGroupName), ".cluster.on"), "a CacheParameterGroupName for cluster mode")
	has := func(set func(types.NodeGroupConfiguration) bool) bool {
		return slices.ContainsFunc(in.NodeGroupConfiguration, set)
	}
	lack(has(func(c types.NodeGroupConfiguration) bool { return aws.ToString(c.Slots) != "" }), "Slots of NodeGroupConfiguration")
	lack(has(func(c types.NodeGroupConfiguration) bool { return aws.ToString(c.PrimaryOutpostArn) != "" }), "PrimaryOutpostArn of NodeGroupConfiguration")
	lack(has(func(c types.NodeGroupConfiguration) bool { return len(c.ReplicaOutpostArns) > 0 }), "ReplicaOutpostArns of NodeGroupConfiguration")
	_, _, err := h.newGroup(ctx, in)
	return lacking, err
}

// ReviewIncrease says what of a new number of replicas cannot be honoured.
func (h Handlers) ReviewIncrease(_ context.Context, in *sdk.IncreaseReplicaCountInput) ([]string, error) {
	return reviewShards(in.ReplicaConfiguration)
}

// ReviewDecrease says what of a new number of replicas cannot be honoured.
func (h Handlers) ReviewDecrease(_ context.Context, in *sdk.DecreaseReplicaCountInput) ([]string, error) {
	return reviewShards(in.ReplicaConfiguration)
}

func reviewShards(configuration []types.ConfigureShard) ([]string, error) {
	outposts := func(c types.ConfigureShard) bool { return len(c.PreferredOutpostArns) > 0 }
	if slices.ContainsFunc(configuration, outposts) {
		return []string{"PreferredOutpostArns of ReplicaConfiguration"}, nil
	}
	return nil, nil
}
