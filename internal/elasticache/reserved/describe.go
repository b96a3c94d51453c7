package reserved

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// durations are the terms of a reservation that the original knows, in years and in seconds.
//
// Source: API reference, DescribeReservedCacheNodesOfferings, Duration.
var durations = []string{"1", "3", "31536000", "94608000"}

// Describe is DescribeReservedCacheNodes.
func (Handlers) Describe(_ context.Context, in *sdk.DescribeReservedCacheNodesInput) (*sdk.DescribeReservedCacheNodesOutput, error) {
	if err := check(in.Marker, in.MaxRecords, in.Duration); err != nil {
		return nil, err
	}
	if id := aws.ToString(in.ReservedCacheNodeId); id != "" {
		return nil, cache.ResourceErrorf(cache.KindNotFound, cache.ResourceReservedNode, "ReservedCacheNode not found: %s", id)
	}
	return &sdk.DescribeReservedCacheNodesOutput{ReservedCacheNodes: []types.ReservedCacheNode{}}, nil
}

// DescribeOfferings is DescribeReservedCacheNodesOfferings.
func (Handlers) DescribeOfferings(_ context.Context, in *sdk.DescribeReservedCacheNodesOfferingsInput) (*sdk.DescribeReservedCacheNodesOfferingsOutput, error) {
	if err := check(in.Marker, in.MaxRecords, in.Duration); err != nil {
		return nil, err
	}
	if id := aws.ToString(in.ReservedCacheNodesOfferingId); id != "" {
		return nil, noOffering(id)
	}
	return &sdk.DescribeReservedCacheNodesOfferingsOutput{ReservedCacheNodesOfferings: []types.ReservedCacheNodesOffering{}}, nil
}

// check refuses filters that no list could have, which an empty list would hide.
func check(marker *string, records *int32, duration *string) error {
	_, page := act.ParsePage(marker, records)
	if d := aws.ToString(duration); d != "" && !slices.Contains(durations, d) {
		return cache.Join(page, cache.Errorf(cache.KindInvalid, "The parameter Duration must be 1, 3, 31536000 or 94608000."))
	}
	return page
}

func noOffering(id string) error {
	return cache.ResourceErrorf(cache.KindNotFound, cache.ResourceReservedOffering,
		"ReservedCacheNodesOffering not found: %s. Nodes of aikagi cost nothing, so there is nothing to reserve.", id)
}
