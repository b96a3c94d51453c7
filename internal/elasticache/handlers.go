package elasticache

import (
	"context"

	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/cluster"
	"github.com/aikagi/aikagi/internal/elasticache/event"
	"github.com/aikagi/aikagi/internal/elasticache/extension"
	"github.com/aikagi/aikagi/internal/elasticache/group"
	"github.com/aikagi/aikagi/internal/elasticache/parameter"
	"github.com/aikagi/aikagi/internal/elasticache/reserved"
	"github.com/aikagi/aikagi/internal/elasticache/subnet"
	"github.com/aikagi/aikagi/internal/elasticache/tag"
	"github.com/aikagi/aikagi/internal/elasticache/user"
	"github.com/aikagi/aikagi/internal/elasticache/version"
)

// This file gives the handlers of each resource what they need of the API.

// of is a handler of a resource that has its own package, as an action calls it.
func of[H, In, Out any](resource func(*API) H, handler func(H, context.Context, *In) (*Out, error)) func(*API, context.Context, *In) (*Out, error) {
	return func(a *API, ctx context.Context, in *In) (*Out, error) { return handler(resource(a), ctx, in) }
}

// reviewOf is the same for a review.
func reviewOf[H, In any](resource func(*API) H, review func(H, context.Context, *In) ([]string, error)) func(*API, context.Context, *In) ([]string, error) {
	return func(a *API, ctx context.Context, in *In) ([]string, error) { return review(resource(a), ctx, in) }
}

func (a *API) deps() act.Deps {
	return act.Deps{Store: a.Store, Region: a.Region, Account: a.Account, Now: a.Now}
}

func (a *API) groups() act.Groups {
	return act.Groups{
		Deps: a.deps(), AddressPlan: a.AddressPlan, NetworkTypes: a.NetworkTypes, Room: a.Room, Witness: a.Witness, Usage: a.Usage, Memory: a.Memory, NodeMemory: a.NodeMemory, EC2: a.EC2, StrictSecurity: a.StrictSecurity, HostName: a.HostName,
	}
}

func groups(a *API) group.Handlers {
	return group.Handlers{Groups: a.groups(), Versions: a.versions, AtRest: a.AtRest}
}

func clusters(a *API) cluster.Handlers {
	return cluster.Handlers{Groups: a.groups(), Versions: a.versions}
}

func extensions(a *API) extension.Handlers {
	return extension.Handlers{Groups: a.groups(), Metrics: a.Metrics, Refusals: a.Refusals, Guests: a.Guests, CheckDelivery: a.CheckDelivery, Trouble: a.Trouble, Refusal: refusal}
}

func subnets(a *API) subnet.Handlers {
	return subnet.Handlers{Deps: a.deps(), EC2: a.EC2, NetworkTypes: a.NetworkTypes}
}

func parameters(a *API) parameter.Handlers { return parameter.Handlers{Deps: a.deps()} }

func users(a *API) user.Handlers {
	return user.Handlers{Groups: a.groups(), Commands: a.Commands, Try: a.Try}
}

func reservations(*API) reserved.Handlers { return reserved.Handlers{} }

func tags(a *API) tag.Handlers { return tag.Handlers{Groups: a.groups()} }

func events(a *API) event.Handlers { return event.Handlers{Deps: a.deps()} }

func versions(a *API) version.Handlers { return version.Handlers{Versions: a.versions} }

// refusal is what a client is answered with an error, unless that is a failure inside the service.
func refusal(err error) (code, message string, ok bool) {
	answer, internal := translate(err)
	return answer.Code, answer.message, !internal
}
