package cache

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind says what sort of refusal an [Error] is. The API face turns a kind (and
// the resource that it concerns) into the code of the original's error catalogue.
type Kind string

// The kinds of refusal that the domain knows. Any other error is internal: it
// is logged once at the edge and its text is never shown to a client.
const (
	KindInvalid        Kind = "invalid"         // one value is not acceptable
	KindCombination    Kind = "combination"     // values that do not go together
	KindMissing        Kind = "missing"         // a required value is absent
	KindState          Kind = "state"           // the resource's status forbids it now
	KindNotFound       Kind = "not found"       // no such resource
	KindExists         Kind = "exists"          // a resource of that name is there already
	KindInUse          Kind = "in use"          // something else uses it
	KindQuota          Kind = "quota"           // a limit would be exceeded
	KindRate           Kind = "rate"            // too often in a span of time
	KindNoOperation    Kind = "no operation"    // it is so already
	KindCapacity       Kind = "capacity"        // this machine has no room for it
	KindARN            Kind = "arn"             // a resource name that cannot be read
	KindUnavailable    Kind = "unavailable"     // somebody who has to be asked does not answer just now
	KindNotImplemented Kind = "not implemented" // the original can do it, aikagi cannot yet
)

// Resource names the sort of thing that an [Error] concerns, in the spelling of
// resource ARNs.
type Resource string

// The resources that errors, ARNs and events speak about.
const (
	ResourceReplicationGroup Resource = "replicationgroup"
	ResourceCacheCluster     Resource = "cluster"
	ResourceCacheNode        Resource = "cachenode"
	ResourceNodeGroup        Resource = "nodegroup"
	ResourceParameterGroup   Resource = "parametergroup"
	ResourceSubnetGroup      Resource = "subnetgroup"
	ResourceSubnet           Resource = "subnet"
	ResourceUser             Resource = "user"
	ResourceUserGroup        Resource = "usergroup"
	ResourceUserName         Resource = "username"    // of a user, as engines know it
	ResourceDefaultUser      Resource = "defaultuser" // the one of a user group that is named default
	ResourceSnapshot         Resource = "snapshot"
	ResourceTag              Resource = "tag"
	ResourceReservedNode     Resource = "reserved-instance"
	ResourceReservedOffering Resource = "reserved-instances-offering"
	ResourceSecurityGroup    Resource = "securitygroup"
	ResourceIngress          Resource = "ingress" // a rule of a security group
)

// Error is a refusal that the caller may read. Its message goes to clients word
// for word, so it never holds a secret.
type Error struct {
	Kind     Kind
	Resource Resource // the resource concerned; may be empty
	Message  string
	Fact     *Fact // what the message says, if it is a sentence of ours that has one
}

func (e *Error) Error() string { return e.Message }

// Errorf makes an [Error] that concerns no particular resource.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// ResourceErrorf makes an [Error] about a resource.
func ResourceErrorf(kind Kind, resource Resource, format string, args ...any) *Error {
	return &Error{Kind: kind, Resource: resource, Message: fmt.Sprintf(format, args...)}
}

// Refuse makes an [Error] of a sentence of ours. The resource concerned may be empty.
func Refuse(kind Kind, resource Resource, why Saying) *Error {
	return &Error{Kind: kind, Resource: resource, Message: why.Text, Fact: why.Fact}
}

// Why is what an error says. It has a fact if the error is a refusal that has one.
func Why(err error) Saying {
	var e *Error
	if errors.As(err, &e) && e.Message == err.Error() {
		return Saying{Text: e.Message, Fact: e.Fact}
	}
	return Quote(err.Error())
}

// Join makes one refusal of several, so that the caller learns of everything that is wrong at once. It has the kind and
// the resource of the first. Nil errors are left out. If one is not an [Error], that one alone is returned: its text is
// not for callers.
func Join(errs ...error) error {
	errs = slices.DeleteFunc(slices.Clone(errs), func(err error) bool { return err == nil })
	switch len(errs) {
	case 0:
		return nil
	case 1:
		return errs[0]
	}
	var all []string
	for _, err := range errs {
		var e *Error
		if !errors.As(err, &e) {
			return err
		}
		all = append(all, strings.TrimSuffix(e.Message, "."))
	}
	var first *Error
	errors.As(errs[0], &first)
	return &Error{Kind: first.Kind, Resource: first.Resource, Message: strings.Join(all, ". ") + "."}
}

// IsKind reports whether err is or wraps an [Error] of that kind.
func IsKind(err error, kind Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == kind
}

// QuoteName keeps what a client sent from filling or breaking an error message.
func QuoteName(s string) string {
	const longest = 64
	if len(s) > longest {
		s = s[:longest] + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// ErrNoModification is the refusal of a change that changes nothing. Terraform's
// provider tolerates exactly this wording.
var ErrNoModification = Errorf(KindCombination, "No modifications were requested")
