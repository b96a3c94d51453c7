package extension

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// rotationSpec reads how a guided rotation is asked for: text that a person can write. What is absent gets its default when the
// rotation begins.
func rotationSpec(in *own.StartAuthTokenRotationInput) (spec rotation.Spec, err error) {
	spec.Adopt, spec.Secure = aws.ToBool(in.FinishOnly), aws.ToBool(in.Secure)
	spec.RollBackOver = aws.ToInt64(in.RollBackOver)
	if in.Delivery != nil {
		target, err := rotation.ParseTarget(*in.Delivery)
		if err != nil {
			return spec, err
		}
		spec.Delivery = &target
	}
	if spec.Finish, err = rotation.ParseFinishRule(aws.ToString(in.Finish)); err != nil {
		return spec, err
	}
	for _, d := range []struct {
		name string
		text *string
		into *time.Duration
	}{{"Brownout", in.Brownout, &spec.Brownout}, {"EvictOver", in.EvictOver, &spec.EvictOver}, {"Grace", in.Grace, &spec.Grace}} {
		if d.text == nil {
			continue
		}
		if *d.into, err = time.ParseDuration(*d.text); err != nil {
			return spec, cache.Errorf(cache.KindInvalid, "The parameter %s is not a duration like 30s, 10m or 24h.", d.name)
		}
	}
	if in.Grace != nil && spec.Grace == 0 { // the default would take its place unnoticed
		return spec, cache.Errorf(cache.KindInvalid, "The parameter Grace must be more than 0: without it nobody sees whom the change locks out.")
	}
	return spec, nil
}

// checkDelivery asks whether this service would deliver there, so that what it would not
// is refused before anything was begun.
func (h Handlers) checkDelivery(ctx context.Context, spec rotation.Spec) error {
	if err := spec.Validate(); err != nil {
		var refusal *cache.Error
		if errors.As(err, &refusal) {
			return refusal
		}
		return err
	}
	if spec.Delivery == nil || h.CheckDelivery == nil {
		return nil
	}
	err := h.CheckDelivery(ctx, *spec.Delivery)
	var refusal *cache.Error
	if err == nil || ctx.Err() != nil || errors.As(err, &refusal) {
		return err
	}
	return cache.Errorf(cache.KindInvalid, "The new token cannot be delivered to %s: %s.", spec.Delivery, err)
}
