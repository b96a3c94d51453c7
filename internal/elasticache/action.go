package elasticache

import (
	"context"
	"net/url"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/awsquery"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// The services that are answered, as they are named in a signature's scope, and
// the versions of their APIs.
const (
	serviceElastiCache = "elasticache"
	serviceSTS         = "sts"
	versionElastiCache = "2015-02-02"
	versionSTS         = "2011-06-15"
)

// action is a row of the table.
type action struct {
	name      string
	service   string
	input     func() any                                                       // a new Input struct
	honoured  []string                                                         // parameters; nil for an action that is not built
	extension bool                                                             // not in AWS's model
	withdrawn bool                                                             // the original answers it to nobody any more
	review    func(*API, context.Context, any) (lacking []string, fault error) // more of an input that cannot be honoured, and what is wrong with the rest; nil: nothing
	run       func(*API, context.Context, any) (any, error)
}

// built is a row for an action that works.
func built[In, Out any](name string, handler func(*API, context.Context, *In) (*Out, error), honoured ...string) action {
	return action{
		name: name, service: serviceElastiCache, honoured: append([]string{}, honoured...),
		input: func() any { return new(In) },
		run:   func(a *API, ctx context.Context, input any) (any, error) { return handler(a, ctx, input.(*In)) },
	}
}

// ours is a row for an action that only aikagi has. All that its input has is honoured.
func ours[In, Out any](name own.Action[In, Out], handler func(*API, context.Context, *In) (*Out, error)) action {
	var members []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[In]()) {
		members = append(members, f.Name)
	}
	row := built(string(name), handler, members...)
	row.extension = true
	return row
}

// planned is a row for an action that the original has and aikagi does not have yet.
func planned[In any](name string) action {
	return action{
		name: name, service: serviceElastiCache,
		input: func() any { return new(In) },
		run: func(*API, context.Context, any) (any, error) {
			return nil, cache.Errorf(cache.KindNotImplemented,
				"aikagi does not have the action %s yet. docs/compatibility.md lists what it has.", name)
		},
	}
}

func (a action) of(service string) action { a.service = service; return a }

// mutates reports whether the action may change anything.
func (a action) mutates() bool {
	for _, asks := range []string{"Describe", "List", "Get", "Preview"} {
		if strings.HasPrefix(a.name, asks) {
			return false
		}
	}
	return true
}

func (a action) namespace() string {
	if a.service == serviceSTS {
		return awsquery.STSNamespace
	}
	return awsquery.ElastiCacheNamespace
}

// resource is the id that an input names, for the audit log.
func (a action) resource(input any) string {
	v := reflect.Indirect(reflect.ValueOf(input))
	if v.Kind() != reflect.Struct {
		return ""
	}
	for _, name := range []string{"ReplicationGroupId", "CacheClusterId", "CacheSubnetGroupName", "CacheParameterGroupName", "UserId", "UserGroupId", "ResourceName"} {
		if f := v.FieldByName(name); f.IsValid() && f.Kind() == reflect.Pointer && !f.IsNil() {
			return f.Elem().String()
		}
	}
	return ""
}

// findAction looks up what a form asks for.
func findAction(form url.Values) (*action, error) {
	name, version := form.Get("Action"), form.Get("Version")
	for i := range actions {
		a := &actions[i]
		want := versionElastiCache
		if a.service == serviceSTS {
			want = versionSTS
		}
		if a.name == name && version == want {
			return a, nil
		}
	}
	if name == "" {
		return nil, answerError{shapeMissingAction, "The request must contain the parameter Action."}
	}
	if version == "" {
		version = "NO_VERSION_SPECIFIED"
	}
	return nil, answerError{shapeInvalidAction, "Could not find operation " + cache.QuoteName(name) + " for version " + cache.QuoteName(version)}
}

// allows are the tags of an input that let clients do what is refused otherwise, for the audit log.
func (a action) allows(input any) string {
	v := reflect.Indirect(reflect.ValueOf(input))
	if v.Kind() != reflect.Struct || !v.FieldByName("Tags").IsValid() {
		return ""
	}
	given, _ := v.FieldByName("Tags").Interface().([]types.Tag)
	var words []string
	for _, tag := range given {
		switch key := aws.ToString(tag.Key); key {
		case cache.TagAllowPlaintext, cache.TagAllowRestore:
			words = append(words, key+"="+aws.ToString(tag.Value))
		}
	}
	return strings.Join(words, " ")
}
