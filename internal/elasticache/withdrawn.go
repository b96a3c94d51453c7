package elasticache

import (
	"context"
	"reflect"

	"github.com/aikagi/aikagi/internal/cache"
)

// Cache security groups are of the time before VPCs. The original still has their actions and their parameter, and
// refuses both in every account of today, in these words (ansible-modules-core#5815, crossplane/provider-aws#326).
const (
	cacheSecurityGroups = "CacheSecurityGroupNames"

	noCacheSecurityGroups      = "Use of cache security groups is not permitted in this API version for your account."
	noCacheSecurityGroupsThere = "Use of cache security groups is not permitted along with cache subnet group and/or security group Ids."
)

// withdrawn is a row for an action that the original has and answers to nobody any more. All of its parameters may come: there is
// nothing that they could be missed for.
func withdrawn[In any](name string) action {
	return action{
		name: name, service: serviceElastiCache, withdrawn: true,
		input: func() any { return new(In) },
		run: func(*API, context.Context, any) (any, error) {
			return nil, cache.Errorf(cache.KindInvalid, noCacheSecurityGroups)
		},
	}
}

// refuseCacheSecurityGroups refuses an input that names some.
func refuseCacheSecurityGroups(input any) error {
	v := reflect.Indirect(reflect.ValueOf(input))
	isSet := func(name string) bool {
		f := v.FieldByName(name)
		return f.IsValid() && (f.Kind() == reflect.Slice && f.Len() > 0 || f.Kind() == reflect.Pointer && !f.IsNil())
	}
	switch {
	case v.Kind() != reflect.Struct || !isSet(cacheSecurityGroups):
		return nil
	case isSet("CacheSubnetGroupName") || isSet("SecurityGroupIds"):
		return cache.Errorf(cache.KindCombination, noCacheSecurityGroupsThere)
	}
	return cache.Errorf(cache.KindInvalid, noCacheSecurityGroups)
}
