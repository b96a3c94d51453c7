package elasticache

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// PreviewAuthTokenChangeInput asks what ModifyReplicationGroup would do with these
// parameters now. Nothing is changed by it, and nobody remembers the token.
type PreviewAuthTokenChangeInput struct {
	ReplicationGroupId      *string
	AuthToken               *string
	AuthTokenUpdateStrategy types.AuthTokenUpdateStrategyType
}

// PreviewAuthTokenChangeOutput is the answer; see [cache.TokenPreview].
type PreviewAuthTokenChangeOutput struct {
	ReplicationGroupId *string
	Refusal            *AuthTokenRefusal // absent: it would be accepted
	Warning            *string           // the event that it would write beside its own; absent: none
	WarningFact        *Fact             // what the warning says
	Guard              *string           // the tag aikagi:set-guard
	Quiet              *string           // the tag aikagi:set-guard-quiet

	Before             []AccessCredential // what is accepted now, oldest first
	After              []AccessCredential // what would be; empty if anything but the guard refuses. Without AddedAt
	PasswordlessBefore *bool              // clients without a token are accepted
	PasswordlessAfter  *bool              // absent when After is empty
	Ends               *string            // the credential that is lost; absent: none is

	// What is known of the use of the credential that ends. Without one nobody is asked, and
	// these are absent or empty.
	InUse                *bool
	UsageComplete        *bool              // every node was asked; otherwise there may be more clients
	MissingNodes         []UsageMissingNode // that could not be asked
	LockedOut            []AuthTokenClient  // who uses it now, or did within Quiet
	OtherClients         *AuthTokenClient   // the sum of those that are too many to list
	LockedOutConnections *int32             // that are open now; they stay so, but cannot be made anew
}

// AuthTokenRefusal is what ModifyReplicationGroup would answer.
type AuthTokenRefusal struct {
	Code    *string
	Message *string
	Fact    *Fact // what the message says; absent: it is in the original's words
}

func (a *API) previewAuthTokenChange(ctx context.Context, in *PreviewAuthTokenChangeInput) (*PreviewAuthTokenChangeOutput, error) {
	g, err := act.ReadGroup(ctx, a.groups(), act.NamedGroup(in.ReplicationGroupId))
	if err != nil {
		return nil, err
	}
	out := &PreviewAuthTokenChangeOutput{ReplicationGroupId: &g.ID, PasswordlessBefore: aws.Bool(g.Tokens.Passwordless())}
	for _, c := range g.Tokens.Credentials() {
		out.Before = append(out.Before, accessCredential(c))
	}
	token, err := parseToken(in.AuthToken)
	if err != nil {
		return out, out.tell(cache.TokenPreview{Guard: g.Tags.Guard(), Refusal: err})
	}
	update := tokenUpdate(token, in.AuthTokenUpdateStrategy)
	preview := g.PreviewToken(update, nil, a.Now())
	if preview.Ends != nil {
		usage, err := act.UsageOf(ctx, a.groups(), g)
		if err != nil {
			return nil, err
		}
		preview = g.PreviewToken(update, &usage, a.Now())
		out.UsageComplete, out.MissingNodes = aws.Bool(len(usage.Missing) == 0), missingNodes(usage)
	}
	return out, out.tell(preview)
}

// tell renders a preview, of which a refusal is a part. The error is a failure inside the service.
func (out *PreviewAuthTokenChangeOutput) tell(p cache.TokenPreview) error {
	if p.Refusal != nil {
		answer, internal := translate(p.Refusal)
		if internal {
			return p.Refusal
		}
		out.Refusal = &AuthTokenRefusal{Code: &answer.Code, Message: &answer.message, Fact: factOf(cache.Why(p.Refusal))}
	}
	out.WarningFact = factOf(p.Warning)
	out.Warning, out.Guard, out.Quiet = optional(p.Warning.Text), aws.String(string(p.Mode)), aws.String(p.Quiet.String())
	for _, c := range p.After.Credentials() {
		out.After = append(out.After, AccessCredential{Fingerprint: aws.String(c.String())})
	}
	if len(out.After) > 0 {
		out.PasswordlessAfter = aws.Bool(p.After.Passwordless())
	}
	if p.Ends == nil {
		return nil
	}
	out.Ends, out.InUse, out.LockedOutConnections = aws.String(p.Ends.String()), &p.InUse, aws.Int32(int32(p.Connections))
	for _, c := range p.Clients {
		out.LockedOut = append(out.LockedOut, authTokenClient(c))
	}
	out.OtherClients = otherClients(p.OtherClients)
	return nil
}
