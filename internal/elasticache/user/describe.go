package user

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// Describe is DescribeUsers. A page has as many as it can of those that the filters let through.
func (h Handlers) Describe(ctx context.Context, in *sdk.DescribeUsersInput) (*sdk.DescribeUsersOutput, error) {
	p, pageFault := act.ParsePage(in.Marker, in.MaxRecords)
	wanted, filterFault := parseFilters(in)
	if err := cache.Join(pageFault, filterFault); err != nil {
		return nil, err
	}
	var users []*user.User
	var groups []*user.Group
	err := h.Store.View(ctx, func(tx store.Tx) (err error) {
		if groups, err = store.Page(tx, store.UserGroups, store.Range{}); err != nil {
			return err
		}
		if id := act.Lower(in.UserId); id != "" {
			u, err := store.Get(tx, store.Users, id)
			users = []*user.User{u}
			return err
		}
		users, err = store.Page(tx, store.Users, store.Range{After: p.After})
		return err
	})
	if err != nil {
		return nil, err
	}
	users = slices.DeleteFunc(users, func(u *user.User) bool { return !wanted(u) })
	users, marker := act.Cut(p, users, func(u *user.User) string { return u.ID })
	out := &sdk.DescribeUsersOutput{Marker: marker, Users: []types.User{}}
	for _, u := range users {
		out.Users = append(out.Users, h.shown(u, groups))
	}
	return out, nil
}

// properties are those of a user that can be filtered by, without hyphens and in lower case: the original's documents have "UserId" and
// "user-id". All values are compared without case, but for names.
var properties = map[string]func(*user.User) string{
	"userid":   func(u *user.User) string { return u.ID },
	"username": func(u *user.User) string { return u.Name },
	"engine":   func(u *user.User) string { return string(u.Engine) },
	"status":   func(u *user.User) string { return string(u.Status) },
}

// parseFilters returns what lets users through: all filters do, each with one of its values. The error is of [cache.KindInvalid].
func parseFilters(in *sdk.DescribeUsersInput) (func(*user.User) bool, error) {
	filters := in.Filters
	if engine := aws.ToString(in.Engine); engine != "" {
		if _, err := user.ParseEngine(engine); err != nil {
			return nil, err
		}
		filters = append(slices.Clone(filters), types.Filter{Name: aws.String("engine"), Values: []string{engine}})
	}
	for _, f := range filters {
		if properties[propertyName(f)] == nil || len(f.Values) == 0 {
			return nil, cache.Errorf(cache.KindInvalid, "The filter %s is not valid. Filters are by UserId, UserName, Engine and Status, each with a value.", cache.QuoteName(aws.ToString(f.Name)))
		}
	}
	return func(u *user.User) bool {
		return !slices.ContainsFunc(filters, func(f types.Filter) bool {
			name := propertyName(f)
			is := properties[name](u)
			return !slices.ContainsFunc(f.Values, func(value string) bool { return value == is || name != "username" && strings.EqualFold(value, is) })
		})
	}, nil
}

func propertyName(f types.Filter) string {
	return strings.ReplaceAll(strings.ToLower(aws.ToString(f.Name)), "-", "")
}
