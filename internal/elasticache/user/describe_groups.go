package user

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// DescribeGroups is DescribeUserGroups.
func (h Handlers) DescribeGroups(ctx context.Context, in *sdk.DescribeUserGroupsInput) (*sdk.DescribeUserGroupsOutput, error) {
	p, err := act.ParsePage(in.Marker, in.MaxRecords)
	if err != nil {
		return nil, err
	}
	groups, marker, err := act.List(ctx, h.Deps, store.UserGroups, act.Lower(in.UserGroupId), p)
	if err != nil {
		return nil, err
	}
	out := &sdk.DescribeUserGroupsOutput{Marker: marker, UserGroups: []types.UserGroup{}}
	err = h.Store.View(ctx, func(tx store.Tx) error {
		for _, g := range groups {
			s, err := h.shownGroup(tx, g)
			if err != nil {
				return err
			}
			out.UserGroups = append(out.UserGroups, s)
		}
		return nil
	})
	return out, err
}
