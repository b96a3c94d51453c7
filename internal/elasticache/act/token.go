package act

import (
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache/token"
)

// ParseToken reads a token that may be absent.
func ParseToken(s *string) (*token.Token, error) {
	if s == nil {
		return nil, nil //nolint:nilnil // no token is not an error
	}
	secret, err := token.Parse(*s)
	if err != nil {
		return nil, err
	}
	return &secret, nil
}

// TokenUpdate is what a token and a strategy, each of which may be absent, ask for: nil if both are.
func TokenUpdate(secret *token.Token, strategy types.AuthTokenUpdateStrategyType) *token.Update {
	if secret == nil && strategy == "" {
		return nil
	}
	update := &token.Update{Strategy: token.Strategy(strategy)}
	if secret != nil {
		digest := secret.Digest()
		update.Digest = &digest
	}
	return update
}
