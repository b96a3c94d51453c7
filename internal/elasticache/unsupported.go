package elasticache

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/cluster"
)

// refuse names every parameter of an input that is set and would be ignored, and with them everything else that is
// wrong, so that callers need not find out one by one.
func (a action) refuse(ctx context.Context, api *API, input any) error {
	if a.honoured == nil {
		return nil // the action is not built, which its run says
	}
	lacking := act.Unhonoured(input, a.honoured)
	withdrawn := refuseCacheSecurityGroups(input)
	if withdrawn != nil {
		lacking = slices.DeleteFunc(lacking, func(name string) bool { return name == cacheSecurityGroups })
	}
	var fault error
	if a.review != nil {
		var more []string
		more, fault = a.review(api, ctx, input)
		lacking = append(lacking, more...)
	}
	if errors.Is(fault, cluster.ErrReplicaParameters) {
		return fault // the original's own refusal of all of them
	}
	if len(lacking) == 0 && withdrawn == nil {
		return nil // the handler says what is wrong
	}
	return cache.Join(unsupported(lacking), withdrawn, fault)
}

// unsupported is the one wording for parameters that cannot be honoured; nil for none.
func unsupported(names []string) error {
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	verb := "is"
	list := names[len(names)-1]
	if others := names[:len(names)-1]; len(others) > 0 {
		verb, list = "are", strings.Join(others, ", ")+" and "+list
	}
	return cache.Errorf(cache.KindNotImplemented, "%s %s not supported by aikagi yet: docs/compatibility.md lists what is.", list, verb)
}

// reviewed adds a review to an action: some values of parameters cannot be honoured although the parameters are.
func reviewed[In any](a action, review func(*API, context.Context, *In) ([]string, error)) action {
	a.review = func(api *API, ctx context.Context, input any) ([]string, error) { return review(api, ctx, input.(*In)) }
	return a
}
