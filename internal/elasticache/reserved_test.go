package elasticache

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
)

// TestReservedNodes: there are none, and nothing to reserve. Who names one is told so in the original's error.
func TestReservedNodes(t *testing.T) {
	t.Parallel()
	f := newFace(t)
	nodes, err := f.DescribeReservedCacheNodes(t.Context(), &sdk.DescribeReservedCacheNodesInput{
		CacheNodeType: aws.String("cache.t4g.micro"), Duration: aws.String("31536000"), MaxRecords: aws.Int32(20), OfferingType: aws.String("No Upfront"),
	})
	if err != nil || nodes.ReservedCacheNodes == nil || len(nodes.ReservedCacheNodes) != 0 {
		t.Errorf("nodes: %+v, %v", nodes, err)
	}
	offerings, err := f.DescribeReservedCacheNodesOfferings(t.Context(), &sdk.DescribeReservedCacheNodesOfferingsInput{Duration: aws.String("3"), ProductDescription: aws.String("redis")})
	if err != nil || offerings.ReservedCacheNodesOfferings == nil || len(offerings.ReservedCacheNodesOfferings) != 0 {
		t.Errorf("offerings: %+v, %v", offerings, err)
	}
	_, err = f.DescribeReservedCacheNodes(t.Context(), &sdk.DescribeReservedCacheNodesInput{ReservedCacheNodeId: aws.String("mine")})
	refused(t, "a node", err, "ReservedCacheNodeNotFound", "ReservedCacheNode not found: mine")
	_, err = f.DescribeReservedCacheNodesOfferings(t.Context(), &sdk.DescribeReservedCacheNodesOfferingsInput{ReservedCacheNodesOfferingId: aws.String("o")})
	refused(t, "an offering", err, "ReservedCacheNodesOfferingNotFound", "ReservedCacheNodesOffering not found: o")
	_, err = f.PurchaseReservedCacheNodesOffering(t.Context(), &sdk.PurchaseReservedCacheNodesOfferingInput{ReservedCacheNodesOfferingId: aws.String("o")})
	refused(t, "a purchase", err, "ReservedCacheNodesOfferingNotFound", "there is nothing to reserve")
	_, err = f.DescribeReservedCacheNodes(t.Context(), &sdk.DescribeReservedCacheNodesInput{Duration: aws.String("2"), MaxRecords: aws.Int32(5)})
	refused(t, "filters", err, badValue, "MaxRecords must be between 20 and 100. The parameter Duration must be 1, 3, 31536000 or 94608000.")
}
