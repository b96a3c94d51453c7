package elasticache

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

func (a *API) previewAuthTokenChange(ctx context.Context, in *own.PreviewAuthTokenChangeInput) (*own.TokenPreview, error) {
	g, err := act.ReadGroup(ctx, a.groups(), act.NamedGroup(in.ReplicationGroupId))
	if err != nil {
		return nil, err
	}
	out := &own.TokenPreview{ReplicationGroupId: g.ID, PasswordlessBefore: g.Tokens.Passwordless()}
	for _, c := range g.Tokens.Credentials() {
		out.Before = append(out.Before, accessCredential(c))
	}
	token, err := parseToken(in.AuthToken)
	if err != nil {
		return out, tellPreview(out, replication.TokenPreview{Guard: g.Tags.Guard(), Refusal: err})
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
	return out, tellPreview(out, preview)
}

// tellPreview renders a preview, of which a refusal is a part. The error is a failure inside the service.
func tellPreview(out *own.TokenPreview, p replication.TokenPreview) error {
	if p.Refusal != nil {
		answer, internal := translate(p.Refusal)
		if internal {
			return p.Refusal
		}
		out.Refusal = &own.TokenRefusal{Code: answer.Code, Message: answer.message, Fact: factOf(cache.Why(p.Refusal))}
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
