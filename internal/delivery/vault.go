package delivery

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// vault is one secret, for the time of one call of [Delivery]. No method of it
// returns an error that holds the token once with has cleaned it.
type vault struct {
	ctx    context.Context
	api    *secretsmanager.Client
	target rotation.SecretsManagerTarget
	point  func(string)
}

// state is what DescribeSecret says.
type state struct {
	labels
	exists   bool
	rotating bool // by AWS itself, right now
}

// with runs act on the secret, within the time limit, and hides the token in errors.
func (s *secret) with(ctx context.Context, change Change, act func(*vault) error) error {
	if err := allowedEndpoint(s.options.Endpoints, s.target); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.options.Timeout)
	defer cancel()
	api, err := client(ctx, s.target)
	if err != nil {
		return err
	}
	return clean(act(&vault{ctx: ctx, api: api, target: s.target, point: s.options.Point}), change.Token)
}

// client reads the configuration anew each time: credentials are renewed in files.
func client(ctx context.Context, target rotation.SecretsManagerTarget) (*secretsmanager.Client, error) {
	var options []func(*config.LoadOptions) error
	if target.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(target.Profile))
	}
	if region := target.EffectiveRegion(); region != "" {
		options = append(options, config.WithRegion(region))
	}
	loaded, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, refuse("The AWS configuration of the server cannot be read: %v.", err)
	}
	if loaded.Region == "" {
		return nil, refuse("No AWS region is known for the secret %s. Add region=… to the target, or set AWS_REGION for the server.", target.Secret)
	}
	return secretsmanager.NewFromConfig(loaded, func(o *secretsmanager.Options) {
		if target.Endpoint != "" {
			o.BaseEndpoint = aws.String(target.Endpoint)
		}
	}), nil
}

func (v *vault) look() (state, error) {
	answer, err := v.api.DescribeSecret(v.ctx, &secretsmanager.DescribeSecretInput{SecretId: &v.target.Secret})
	var missing *types.ResourceNotFoundException
	switch {
	case errors.As(err, &missing):
		return state{}, nil
	case err != nil:
		return state{}, fmt.Errorf("describe secret %s: %w", v.target.Secret, err)
	case answer.DeletedDate != nil:
		return state{}, refuse("The secret %s is marked for deletion. Restore it (aws secretsmanager restore-secret), or name another one.", v.target.Secret)
	}
	found := state{labels: labelsOf(answer.VersionIdsToStages), exists: true}
	found.rotating = aws.ToBool(answer.RotationEnabled) && found.pending != "" && found.pending != found.current
	return found, nil
}

func (v *vault) missing() error {
	return refuse("There is no secret %s in Secrets Manager. Create it, correct the name or the region, or add create=true to the target.", v.target.Secret)
}

// ensure is look, and creates the secret, without a value, if that is wanted.
func (v *vault) ensure() (state, error) {
	found, err := v.look()
	if err != nil || found.exists {
		return found, err
	}
	if !v.target.Create {
		return state{}, v.missing()
	}
	_, err = v.api.CreateSecret(v.ctx, &secretsmanager.CreateSecretInput{
		Name:        &v.target.Secret,
		Description: aws.String("AUTH token, delivered by aikagi"),
	})
	var exists *types.ResourceExistsException
	if err != nil && !errors.As(err, &exists) {
		return state{}, fmt.Errorf("create secret %s: %w", v.target.Secret, err)
	}
	v.point(PointSecretCreated)
	return v.look()
}

// value reads a version.
func (v *vault) value(id string) (string, error) {
	answer, err := v.api.GetSecretValue(v.ctx, &secretsmanager.GetSecretValueInput{SecretId: &v.target.Secret, VersionId: &id})
	if err != nil {
		return "", fmt.Errorf("read secret %s: %w", v.target.Secret, err)
	}
	if answer.SecretString == nil {
		return "", refuse("The secret %s is binary; a token is delivered into text only.", v.target.Secret)
	}
	return *answer.SecretString, nil
}

// holds reports whether a version holds the change's token.
func (v *vault) holds(id string, change Change) (bool, error) {
	text, err := v.value(id)
	if err != nil {
		return false, err
	}
	token, err := tokenIn(text, v.target.Key)
	return err == nil && change.isToken(token), nil // a text of another form does not hold it
}

// compose is the text of the version that follows base.
func (v *vault) compose(base string, token token.Token) (string, error) {
	text, err := v.value(base)
	if err != nil {
		return "", err
	}
	next, err := withToken(text, v.target.Key, token.Reveal())
	switch {
	case errors.Is(err, errNoObject):
		return "", refuse("The secret %s is not a JSON object. Leave key out of the target, or store an object with the member %q.", v.target.Secret, v.target.Key)
	case errors.Is(err, errNoKey):
		return "", refuse("The JSON object in the secret %s has no member %q with a string. Add it, or correct the key of the target.", v.target.Secret, v.target.Key)
	}
	return next, err
}

// stage makes the version that follows the current one, and returns its id. At its
// end the version holds AWSPENDING, whatever happened before.
func (v *vault) stage(was state, change Change) (string, error) {
	id := versionID(change.RotationID, was.current)
	if was.pending == id {
		staged, err := v.holds(id, change)
		if err == nil && !staged {
			err = v.conflict()
		}
		return id, err
	}
	text, err := v.compose(was.current, change.Token)
	if err != nil {
		return "", err
	}
	if err := v.put(id, text, stagePending); err != nil {
		return "", err
	}
	// A version that exists already is left as it is, without the label.
	now, err := v.look()
	if err != nil || now.pending == id {
		return id, err
	}
	return id, v.move(stagePending, now.pending, id)
}

// first gives the secret its first version, which becomes current.
func (v *vault) first(change Change) error {
	text, err := withToken("", v.target.Key, change.Token.Reveal())
	if err != nil {
		return err
	}
	return v.put(versionID(change.RotationID, ""), text, stageCurrent)
}

func (v *vault) put(id, text, stage string) error {
	_, err := v.api.PutSecretValue(v.ctx, &secretsmanager.PutSecretValueInput{
		SecretId: &v.target.Secret, ClientRequestToken: &id, SecretString: &text, VersionStages: []string{stage},
	})
	var exists *types.ResourceExistsException
	if errors.As(err, &exists) {
		return v.conflict()
	}
	if err != nil {
		return fmt.Errorf("put version of secret %s: %w", v.target.Secret, err)
	}
	v.point(PointVersionPut)
	return nil
}

func (v *vault) conflict() error {
	return fmt.Errorf("put version of secret %s: the rotation has a version with another token already", v.target.Secret)
}

// move takes a label from one version (empty: from none) and gives it to another
// (empty: to none). It fails if the label is not where it is said to be.
func (v *vault) move(stage, from, to string) error {
	input := &secretsmanager.UpdateSecretVersionStageInput{SecretId: &v.target.Secret, VersionStage: &stage}
	if from != "" {
		input.RemoveFromVersionId = &from
	}
	if to != "" {
		input.MoveToVersionId = &to
	}
	if _, err := v.api.UpdateSecretVersionStage(v.ctx, input); err != nil {
		return fmt.Errorf("move %s of secret %s: %w", stage, v.target.Secret, err)
	}
	return nil
}

// unstage removes AWSPENDING from a version with the change's token.
func (v *vault) unstage(change Change) error {
	now, err := v.look()
	if err != nil || now.pending == "" {
		return err
	}
	ours, err := v.holds(now.pending, change)
	var empty *types.ResourceNotFoundException
	switch {
	case errors.As(err, &empty):
		return nil // AWS's own rotation labels a version before it has a value
	case err != nil || !ours:
		return err
	}
	if err := v.move(stagePending, now.pending, ""); err != nil {
		return err
	}
	v.point(PointPendingRemoved)
	return nil
}
