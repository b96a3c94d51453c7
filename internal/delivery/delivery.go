package delivery

import (
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
)

// Delivery is one target, ready to be used. See the package's comment for what
// every call promises. Errors that the caller of the API may read are [cache.Error].
type Delivery interface {
	// Check says, before anything is changed, whether a delivery would work, as far
	// as that can be told without one. Its errors say what to do.
	Check(ctx context.Context) error
	// Stage prepares the token without putting it into use. Both tokens must work.
	Stage(ctx context.Context, change Change) error
	// Deliver puts the token into use, staged or not.
	Deliver(ctx context.Context, change Change) error
	// Revert puts the former token back and removes what Stage prepared.
	// [ErrNothingBefore]: there is no former token; the receiver was left as it is.
	Revert(ctx context.Context, change Change) error
	// Finish forgets what only Revert would need, and changes nothing that a reader gets.
	// It is called at every end of a rotation that delivered, set or not, and perhaps again.
	Finish(ctx context.Context, change Change) error
}

// ErrNothingBefore is returned, wrapped, by Revert if the new token is in use and
// there is no former one to put back. Trying again changes nothing.
var ErrNothingBefore = errors.New("there is no former token to put back")

// Change is what is delivered.
type Change struct {
	RotationID  string // the same for every call of one rotation, and never used again
	GroupID     string
	Fingerprint string      // of Token; all that Revert and Finish need
	Token       token.Token // may be empty for Revert and Finish
	Endpoint    string      // host:port of the group's primary endpoint, for programs; may be empty
}

// check notices a caller that mixes rotations up.
func (c Change) check(needToken bool) error {
	switch {
	case c.RotationID == "" || c.Fingerprint == "":
		return errors.New("deliver token: rotation id or fingerprint is missing")
	case needToken && c.Token.Reveal() == "":
		return errors.New("deliver token: the token is missing")
	case c.Token.Reveal() != "" && c.Token.Digest().Fingerprint() != c.Fingerprint:
		return errors.New("deliver token: the fingerprint is not that of the token")
	}
	return nil
}

// isToken reports whether value is the change's token.
func (c Change) isToken(value string) bool {
	token, err := token.Parse(value)
	return err == nil && subtle.ConstantTimeCompare([]byte(token.Digest().Fingerprint()), []byte(c.Fingerprint)) == 1
}

// Options are what the operator decided when aikagi was started.
type Options struct {
	Files     []string      // directories below which files may be written
	Commands  []string      // directories whose programs may be run
	Endpoints []string      // Secrets Manager endpoints besides AWS's own
	Timeout   time.Duration // for a program or one call of Secrets Manager; 0 is a minute
	Logger    *slog.Logger  // gets what programs print; nil discards it
	Point     func(string)  // called between any two steps, with one of Points; fault.Point, or nil
}

// Points are the points between steps at which a kill must do no harm.
var Points = [...]string{
	PointTempCreated, PointTempWritten, PointRenamed, PointPreviousKept, PointPreviousRemoved,
	PointProgramRun, PointSecretCreated, PointVersionPut, PointCurrentMoved, PointPendingRemoved,
}

// The points, by target and in the order in which a delivery reaches them.
const (
	PointTempCreated     = "delivery-temp-created"
	PointTempWritten     = "delivery-temp-written"
	PointRenamed         = "delivery-renamed"
	PointPreviousKept    = "delivery-previous-kept"
	PointPreviousRemoved = "delivery-previous-removed"
	PointProgramRun      = "delivery-program-run"
	PointSecretCreated   = "delivery-secret-created"
	PointVersionPut      = "delivery-version-put"
	PointCurrentMoved    = "delivery-current-moved"
	PointPendingRemoved  = "delivery-pending-removed"
)

// Names of the options of the server that allow what Options holds, for errors.
const (
	flagFiles     = "--delivery-files"
	flagCommands  = "--delivery-commands"
	flagEndpoints = "--delivery-endpoints"
)

// New makes the delivery for a target. It touches nothing. Errors: what
// [rotation.Target.Validate] refuses.
func New(target rotation.Target, options Options) (Delivery, error) {
	if err := target.Validate(); err != nil {
		return nil, err
	}
	if options.Timeout <= 0 {
		options.Timeout = time.Minute
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	if options.Point == nil {
		options.Point = func(string) {}
	}
	switch {
	case target.File != nil:
		return &file{path: target.File.Path, options: options}, nil
	case target.Command != nil:
		return &command{target: *target.Command, options: options}, nil
	default:
		return &secret{target: *target.SecretsManager, options: options}, nil
	}
}

// refuse makes an error that the caller of the API may read.
func refuse(format string, args ...any) error {
	return cache.Errorf(cache.KindInvalid, format, args...)
}
