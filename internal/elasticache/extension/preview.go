package extension

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// PreviewAuthTokenChange is the action [own.PreviewAuthTokenChange].
func (h Handlers) PreviewAuthTokenChange(ctx context.Context, in *own.PreviewAuthTokenChangeInput) (*own.TokenPreview, error) {
	g, err := act.ReadGroup(ctx, h.Groups, act.NamedGroup(in.ReplicationGroupId))
	if err != nil {
		return nil, err
	}
	out := &own.TokenPreview{ReplicationGroupId: g.ID, PasswordlessBefore: g.Tokens.Passwordless()}
	for _, c := range g.Tokens.Credentials() {
		out.Before = append(out.Before, accessCredential(c))
	}
	token, err := act.ParseToken(in.AuthToken)
	if err != nil {
		return out, h.tell(out, replication.TokenPreview{Guard: g.Tags.Guard(), Refusal: err})
	}
	update := act.TokenUpdate(token, in.AuthTokenUpdateStrategy)
	preview := g.PreviewToken(update, nil, h.Now())
	if preview.Ends != nil {
		usage, err := act.UsageOf(ctx, h.Groups, g)
		if err != nil {
			return nil, err
		}
		preview = g.PreviewToken(update, &usage, h.Now())
		out.UsageComplete, out.MissingNodes = aws.Bool(len(usage.Missing) == 0), missingNodes(usage.Missing)
	}
	return out, h.tell(out, preview)
}

// tell renders a preview, of which a refusal is a part. The error is a failure inside the service.
func (h Handlers) tell(out *own.TokenPreview, p replication.TokenPreview) error {
	if p.Refusal != nil {
		code, message, ok := h.Refusal(p.Refusal)
		if !ok {
			return p.Refusal
		}
		out.Refusal = &own.TokenRefusal{Code: code, Message: message, Fact: factOf(cache.Why(p.Refusal))}
	}
	out.WarningFact = factOf(p.Warning)
	out.Warning, out.Guard, out.Quiet = p.Warning.Text, string(p.Mode), p.Quiet.String()
	for _, c := range p.After.Credentials() {
		out.After = append(out.After, own.Credential{Fingerprint: c.String()})
	}
	if len(out.After) > 0 {
		out.PasswordlessAfter = aws.Bool(p.After.Passwordless())
	}
	if p.Ends == nil {
		return nil
	}
	out.Ends, out.InUse, out.LockedOutConnections = p.Ends.String(), &p.InUse, aws.Int32(int32(p.Connections))
	for _, c := range p.Clients {
		out.LockedOut = append(out.LockedOut, tokenClient(c))
	}
	out.OtherClients = otherClients(p.OtherClients)
	return nil
}
