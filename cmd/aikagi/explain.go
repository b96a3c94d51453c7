package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/agnivade/levenshtein"
	"github.com/alecthomas/kong"
	"github.com/aws/smithy-go"

	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/server"
)

// Codes of errors that are explained.
const groupNotFound = "ReplicationGroupNotFoundFault"

// connected is a command that talks to a control plane; grouped is one about a group.
type (
	connected interface{ flags() clientFlags }
	grouped   interface{ group() string }
)

func (f clientFlags) flags() clientFlags { return f }

// explain makes one line of an error, with what to do. Errors that the SDK wraps lose what
// only the SDK's authors need.
func explain(ctx context.Context, k *kong.Context, err error) string {
	to, ok := k.Selected().Target.Interface().(connected)
	if !ok {
		return err.Error()
	}
	var away *client.UnreachableError
	if errors.As(err, &away) {
		return unreachable(away, to.flags())
	}
	var answer smithy.APIError
	if !errors.As(err, &answer) {
		return err.Error()
	}
	text := answer.ErrorCode() + ": " + answer.ErrorMessage()
	switch answer.ErrorCode() {
	case "InvalidClientTokenId", "SignatureDoesNotMatch":
		f := to.flags()
		return fmt.Sprintf("the server does not accept the access key in %s (%s): it serves another data directory; name that directory with --data-dir (%s)",
			datadir.CredentialsPath(f.path()), f.found().Why, answer.ErrorCode())
	case "InvalidAction":
		return otherVersion(err, text)
	case groupNotFound:
		if named, ok := to.(grouped); ok && ctx.Err() == nil {
			text += didYouMean(ctx, to.flags(), named.group())
		}
	case userNotFound:
		if named, ok := to.(interface{ user() string }); ok && ctx.Err() == nil {
			text += suggest(userNames(ctx, to.flags()), named.user(), "aikagi user list")
		}
	case userGroupNotFound:
		if named, ok := to.(interface{ userGroup() string }); ok && ctx.Err() == nil {
			text += suggest(userGroupNames(ctx, to.flags()), named.userGroup(), "aikagi user-group list")
		}
	}
	return text
}

func otherVersion(err error, text string) string {
	theirs := "an older version"
	if answer := (*client.Error)(nil); errors.As(err, &answer) && answer.ServerVersion != "" {
		theirs = "version " + answer.ServerVersion
	}
	return fmt.Sprintf("the server is %s and does not know what this command, version %s, asks for; start it anew with this program, or use the server's own program (%s)",
		theirs, server.Version(), text)
}

func unreachable(err *client.UnreachableError, f clientFlags) string {
	dir := f.found()
	switch {
	case f.EndpointURL != "":
		return fmt.Sprintf("no answer from %s (--endpoint-url or AIKAGI_ENDPOINT_URL): %v", err.Endpoint, err.Err)
	case err.Refused():
		return fmt.Sprintf("the server of %s (%s) is not running: nothing listens at %s; start it: aikagi serve --data-dir %s",
			dir.Path, dir.Why, err.Endpoint, quoteArg(dir.Path))
	}
	return fmt.Sprintf("no answer from %s, the server of %s (%s): %v; see its log, and: aikagi doctor", err.Endpoint, dir.Path, dir.Why, err.Err)
}

// suggestWithin is how long a suggestion may take, and how many letters it may differ by.
const (
	suggestWithin  = time.Second
	suggestLetters = 3
)

// didYouMean suggests the group whose name is most like one that is not there.
func didYouMean(ctx context.Context, f clientFlags, name string) string {
	return nearest(groupNames(ctx, f), name)
}

// nearest is a sentence with the name that is most like another.
func nearest(names []string, name string) string {
	if len(names) == 0 {
		return " There are no groups; make one: aikagi create " + quoteArg(name)
	}
	return suggest(names, name, "aikagi list")
}

// suggest is a sentence with the name that is most like another, or with the command that lists them all.
func suggest(names []string, name, list string) string {
	if len(names) == 0 {
		return " To see all: " + list
	}
	distance := func(other string) int { return levenshtein.ComputeDistance(other, name) }
	found := slices.MinFunc(names, func(a, b string) int { return cmp.Compare(distance(a), distance(b)) })
	if distance(found) > min(suggestLetters, len(name)/2) {
		return " To see all: " + list
	}
	return fmt.Sprintf(" Did you mean %s?", found)
}

// groupNames is empty where it cannot be known soon; so are the others.
func groupNames(ctx context.Context, f clientFlags) []string {
	return namesOf(ctx, f, (*client.Client).Groups, func(g client.Group) string { return g.ReplicationGroupId })
}

func userNames(ctx context.Context, f clientFlags) []string {
	return namesOf(ctx, f, (*client.Client).Users, func(u client.User) string { return u.UserID })
}

func userGroupNames(ctx context.Context, f clientFlags) []string {
	return namesOf(ctx, f, (*client.Client).UserGroups, func(g client.UserGroup) string { return g.UserGroupID })
}

func namesOf[T any](ctx context.Context, f clientFlags, list func(*client.Client, context.Context) ([]T, error), name func(T) string) (names []string) {
	ctx, cancel := context.WithTimeout(ctx, suggestWithin)
	defer cancel()
	api, err := f.connect()
	if err != nil {
		return nil
	}
	all, _ := list(api, ctx) // what came is better than nothing
	for _, one := range all {
		names = append(names, name(one))
	}
	return names
}
