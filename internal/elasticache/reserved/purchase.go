package reserved

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
)

// Purchase is PurchaseReservedCacheNodesOffering. No offering that it could name exists.
func (Handlers) Purchase(_ context.Context, in *sdk.PurchaseReservedCacheNodesOfferingInput) (*sdk.PurchaseReservedCacheNodesOfferingOutput, error) {
	return nil, noOffering(aws.ToString(in.ReservedCacheNodesOfferingId))
}
