package elasticache

import "context"

// GetCallerIdentityInput and GetCallerIdentityOutput are the Security Token
// Service's action of that name, which many tools call before anything else.
//
// Source: AWS STS API reference, GetCallerIdentity.
type (
	GetCallerIdentityInput  struct{}
	GetCallerIdentityOutput struct {
		Arn     *string
		UserId  *string
		Account *string
	}
)

func (a *API) getCallerIdentity(ctx context.Context, _ *GetCallerIdentityInput) (*GetCallerIdentityOutput, error) {
	arn, user := "arn:aws:iam::"+a.Account+":user/aikagi", callOf(ctx).caller.AccessKeyID
	return &GetCallerIdentityOutput{Arn: &arn, UserId: &user, Account: &a.Account}, nil
}
