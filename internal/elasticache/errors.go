package elasticache

import (
	"context"
	"errors"
	"net/http"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/awsquery"
	"github.com/aikagi/aikagi/internal/elasticache/sigv4"
	"github.com/aikagi/aikagi/internal/store"
)

// answerError is an error as the wire shows it.
type answerError struct {
	awsquery.ErrorShape
	message string
}

// shapes names the error of AWS's model that says a kind of refusal, whatever it is about, unless resourceShapes has another.
var shapes = map[cache.Kind]string{
	cache.KindInvalid:     "InvalidParameterValueException",
	cache.KindCombination: "InvalidParameterCombinationException",
	cache.KindARN:         "InvalidARNFault",
	cache.KindCapacity:    "InsufficientCacheClusterCapacityFault",
	cache.KindRate:        "APICallRateForCustomerExceededFault",
	cache.KindNoOperation: "NoOperationFault",
}

// resourceShapes names the error of AWS's model that says a kind of refusal about a resource. A pair that is refused
// anywhere is here; a test looks for one that is not.
var resourceShapes = map[cache.Kind]map[cache.Resource]string{
	cache.KindState: {
		cache.ResourceCacheCluster:     "InvalidCacheClusterStateFault",
		cache.ResourceReplicationGroup: "InvalidReplicationGroupStateFault",
		cache.ResourceSecurityGroup:    "InvalidCacheSecurityGroupStateFault",
		cache.ResourceSubnetGroup:      "InvalidVPCNetworkStateFault",
		cache.ResourceUser:             "InvalidUserStateFault",
		cache.ResourceUserGroup:        "InvalidUserGroupStateFault",
	},
	cache.KindInvalid: {
		cache.ResourceSubnet:      "InvalidSubnet",
		cache.ResourceDefaultUser: "DefaultUserRequired",
	},
	cache.KindNotFound: {
		cache.ResourceReplicationGroup: "ReplicationGroupNotFoundFault",
		cache.ResourceCacheCluster:     "CacheClusterNotFoundFault",
		cache.ResourceNodeGroup:        "NodeGroupNotFoundFault",
		cache.ResourceParameterGroup:   "CacheParameterGroupNotFoundFault",
		cache.ResourceSubnetGroup:      "CacheSubnetGroupNotFoundFault",
		cache.ResourceTag:              "TagNotFoundFault",
		cache.ResourceSecurityGroup:    "CacheSecurityGroupNotFoundFault",
		cache.ResourceIngress:          "AuthorizationNotFoundFault",
		cache.ResourceReservedNode:     "ReservedCacheNodeNotFoundFault",
		cache.ResourceReservedOffering: "ReservedCacheNodesOfferingNotFoundFault",
		cache.ResourceUser:             "UserNotFoundFault",
		cache.ResourceUserGroup:        "UserGroupNotFoundFault",
	},
	cache.KindExists: {
		cache.ResourceReplicationGroup: "ReplicationGroupAlreadyExistsFault",
		cache.ResourceCacheCluster:     "CacheClusterAlreadyExistsFault",
		cache.ResourceSubnetGroup:      "CacheSubnetGroupAlreadyExistsFault",
		cache.ResourceParameterGroup:   "CacheParameterGroupAlreadyExistsFault",
		cache.ResourceSecurityGroup:    "CacheSecurityGroupAlreadyExistsFault",
		cache.ResourceIngress:          "AuthorizationAlreadyExistsFault",
		cache.ResourceUser:             "UserAlreadyExistsFault",
		cache.ResourceUserGroup:        "UserGroupAlreadyExistsFault",
		cache.ResourceUserName:         "DuplicateUserNameFault",
	},
	cache.KindInUse: {
		cache.ResourceSubnetGroup:    "CacheSubnetGroupInUse",
		cache.ResourceSubnet:         "SubnetInUse",
		cache.ResourceParameterGroup: "InvalidCacheParameterGroupStateFault",
		cache.ResourceSecurityGroup:  "InvalidCacheSecurityGroupStateFault",
		cache.ResourceDefaultUser:    "DefaultUserAssociatedToUserGroupFault",
	},
	cache.KindQuota: {
		cache.ResourceTag:              "TagQuotaPerResourceExceeded",
		cache.ResourceReplicationGroup: "NodeQuotaForCustomerExceededFault",
		cache.ResourceSubnetGroup:      "CacheSubnetGroupQuotaExceededFault",
		cache.ResourceParameterGroup:   "CacheParameterGroupQuotaExceededFault",
		cache.ResourceSubnet:           "CacheSubnetQuotaExceededFault",
		cache.ResourceSecurityGroup:    "CacheSecurityGroupQuotaExceededFault",
		cache.ResourceUser:             "UserQuotaExceededFault",
		cache.ResourceUserGroup:        "UserGroupQuotaExceededFault",
	},
}

// Errors that are not in the model of the service but common to AWS's Query
// services, and the one of our own.
//
// Source: API reference, "Common Errors".
var (
	shapeMissingParameter = awsquery.ErrorShape{Code: "MissingParameter", HTTPStatus: http.StatusBadRequest, Fault: awsquery.Sender}
	shapeInvalidQuery     = awsquery.ErrorShape{Code: "InvalidQueryParameter", HTTPStatus: http.StatusBadRequest, Fault: awsquery.Sender}
	shapeInvalidValue     = awsquery.ErrorShape{Code: "InvalidParameterValue", HTTPStatus: http.StatusBadRequest, Fault: awsquery.Sender}
	shapeMalformedQuery   = awsquery.ErrorShape{Code: "MalformedQueryString", HTTPStatus: http.StatusNotFound, Fault: awsquery.Sender}
	shapeMissingAction    = awsquery.ErrorShape{Code: "MissingAction", HTTPStatus: http.StatusBadRequest, Fault: awsquery.Sender}
	shapeInvalidAction    = awsquery.ErrorShape{Code: "InvalidAction", HTTPStatus: http.StatusBadRequest, Fault: awsquery.Sender}
	shapeAccessDenied     = awsquery.ErrorShape{Code: "AccessDeniedException", HTTPStatus: http.StatusForbidden, Fault: awsquery.Sender}
	shapeTooLarge         = awsquery.ErrorShape{Code: "RequestEntityTooLarge", HTTPStatus: http.StatusRequestEntityTooLarge, Fault: awsquery.Sender}
	shapeInternal         = awsquery.ErrorShape{Code: "InternalFailure", HTTPStatus: http.StatusInternalServerError, Fault: awsquery.Receiver}
	shapeUnavailable      = awsquery.ErrorShape{Code: "ServiceUnavailable", HTTPStatus: http.StatusServiceUnavailable, Fault: awsquery.Receiver}
	shapeRequestLimit     = awsquery.ErrorShape{Code: "RequestLimitExceeded", HTTPStatus: http.StatusServiceUnavailable, Fault: awsquery.Receiver}
	shapeNotImplemented   = awsquery.ErrorShape{Code: "NotImplemented", HTTPStatus: http.StatusNotImplemented, Fault: awsquery.Sender}
)

// translate turns any error into an answer. internal reports that the error's own
// text was kept back and belongs into the log.
func translate(err error) (answer answerError, internal bool) {
	var domain *cache.Error
	var param *awsquery.ParamError
	var signature *sigv4.Error
	var ready answerError
	switch {
	case errors.As(err, &ready):
		return ready, false
	case errors.As(err, &domain):
		if shape, ok := domainShape(domain); ok {
			return answerError{shape, domain.Message}, false
		}
	case errors.As(err, &param):
		return answerError{paramShape(param), param.Error()}, false
	case errors.As(err, &signature):
		shape := awsquery.ErrorShape{Code: signature.Code, HTTPStatus: signature.HTTPStatus, Fault: awsquery.Sender}
		return answerError{shape, signature.Message}, false
	case errors.Is(err, store.ErrFull):
		return answerError{shapeUnavailable, "There is no space left in the data directory. Nothing was changed. Free some space and try again."}, true
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return answerError{shapeUnavailable, "The service is shutting down or too busy. Try again."}, true
	}
	return answerError{shapeInternal, "The request failed inside the service. For details, see this request id in its log."}, true
}

func (e answerError) Error() string { return e.Code + ": " + e.message }

// domainShape returns how a refusal is answered. One that is in no table is an internal error.
func domainShape(e *cache.Error) (shape awsquery.ErrorShape, ok bool) {
	switch e.Kind {
	case cache.KindMissing:
		return shapeMissingParameter, true
	case cache.KindNotImplemented:
		return shapeNotImplemented, true
	case cache.KindUnavailable:
		return shapeUnavailable, true
	}
	name, ok := resourceShapes[e.Kind][e.Resource]
	if !ok {
		name = shapes[e.Kind]
	}
	return awsquery.LookupError(name)
}

func paramShape(e *awsquery.ParamError) awsquery.ErrorShape {
	switch e.Kind {
	case awsquery.MissingParameter:
		return shapeMissingParameter
	case awsquery.MalformedValue, awsquery.NotPermitted:
		return shapeInvalidValue
	}
	return shapeInvalidQuery
}
