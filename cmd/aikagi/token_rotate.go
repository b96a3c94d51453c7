package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// rotationFlags say how a rotation is to be done.
type rotationFlags struct {
	Deliver      string        `help:"Where the new token goes: file:PATH, command:/path/program arguments, or secretsmanager:name?region=REGION&key=KEY. Files go below deliveries/ in the data directory; for other folders, programs and endpoints see aikagi serve --help." placeholder:"TARGET"`
	Finish       string        `help:"When the old token ends: quiet=DURATION (unused for that long), deadline=DURATION (that long after the delivery, used or not), both with a comma between them (whichever comes first), or ask (aikagi token continue)." default:"${finish}" placeholder:"RULE"`
	Brownout     time.Duration `help:"Before the end, refuse the old token for that long, to find out which clients would fail; one that does brings it back at once, and is named. 0: no brownout." default:"0s"`
	EvictOver    time.Duration `help:"After the end, close the connections that were opened with the old token, spread over that time. 0: leave them open." default:"0s"`
	Grace        time.Duration `help:"How long to watch for refused logins with the old token after its end." default:"${grace}"`
	RollBackOver int64         `help:"How many refused logins to tolerate; the next one brings the old token back." default:"0"`
	NoRollBack   bool          `help:"Never bring the old token back, for instance because it was leaked."`
}

// how is what the flags ask for.
func (f rotationFlags) how() (in own.StartAuthTokenRotationInput, err error) {
	if f.RollBackOver < 0 {
		return in, fmt.Errorf("--roll-back-over %d: want 0 or more; --no-roll-back is never", f.RollBackOver)
	}
	delivery, err := deliveryTarget(f.Deliver)
	if err != nil {
		return in, err
	}
	if f.NoRollBack && f.RollBackOver != 0 {
		return in, errors.New("--roll-back-over and --no-roll-back exclude each other")
	}
	in = own.StartAuthTokenRotationInput{
		Brownout: new(f.Brownout.String()), EvictOver: new(f.EvictOver.String()), Grace: new(f.Grace.String()), RollBackOver: &f.RollBackOver,
	}
	if f.NoRollBack {
		in.RollBackOver = new(int64(-1))
	}
	if delivery != "" {
		in.Delivery = &delivery
	}
	if f.Finish != "" {
		in.Finish = &f.Finish
	}
	return in, nil
}

// deliveryTarget makes the path of a file absolute, for the service works in another directory.
func deliveryTarget(deliver string) (string, error) {
	path, isFile := strings.CutPrefix(deliver, "file:")
	if !isFile || path == "" || filepath.IsAbs(path) {
		return deliver, nil
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find the file to deliver to: %w", err)
	}
	return "file:" + path, nil
}

// noDelivery says what is missing, with what works everywhere.
func (f clientFlags) noDelivery(group string) error {
	path := filepath.Join(datadir.DeliveriesPath(f.path()), group)
	return fmt.Errorf("say where the new token goes, for instance --deliver file:%s; see aikagi token rotate --help", path)
}

type tokenRotateCommand struct {
	groupFlags
	rotationFlags
	outputFlag
	FinishOnly bool `help:"Make and deliver no token: finish a change that was begun with ROTATE."`
	Detach     bool `help:"Return as soon as the rotation has begun (exit code 0); do not follow it."`
}

// Help tells the steps.
func (tokenRotateCommand) Help() string {
	return `aikagi makes a new token, which every node accepts beside the old one; delivers it; waits until no client uses the
old one; ends the old one (SET); and watches. A client that is refused then brings the old token back, so no client stays
locked out. The service does all of this: the command only shows it, and may be interrupted.

Examples:

  aikagi token rotate sessions --deliver file:.aikagi/deliveries/sessions
  aikagi token rotate sessions --deliver "command:/usr/local/bin/push-token --env prod" --finish quiet=1h,deadline=24h --brownout 5s
  aikagi token rotate sessions --deliver "secretsmanager:app/cache?region=eu-central-1&key=password" --evict-over 60s
  aikagi token rotate sessions --finish-only               (after ROTATE by hand, with the token handed out)

A token that leaked:

  aikagi token rotate sessions --deliver file:.aikagi/deliveries/sessions --finish deadline=5m --evict-over 10s --no-roll-back

Exit codes: 0 done, or with --finish ask waiting for you; 1 refused, rolled back, cancelled or failed; 2 interrupted,
the rotation goes on.`
}

// Run begins a rotation and follows it.
func (c *tokenRotateCommand) Run(ctx context.Context) error {
	how, err := c.how()
	if err != nil {
		return err
	}
	how.FinishOnly = &c.FinishOnly
	if c.Deliver == "" && !c.FinishOnly {
		return c.noDelivery(c.Group)
	}
	return startRotation(ctx, c.groupFlags, c.outputFlag, how, c.Detach)
}

// startRotation begins a rotation and follows it, unless it is to be left alone.
func startRotation(ctx context.Context, of groupFlags, out outputFlag, how own.StartAuthTokenRotationInput, detach bool) error {
	api, err := of.connect()
	if err != nil {
		return err
	}
	r, err := api.StartRotation(ctx, of.Group, how)
	if err != nil {
		return err
	}
	if detach {
		return out.show(os.Stdout, r, sentence("%s has begun; follow it with: aikagi token watch %s", r.RotationId, r.ReplicationGroupId))
	}
	return out.follow(ctx, api, r, true)
}

// follow shows a rotation while it goes on; for programs it shows the receipt on standard
// output when it is over, and everything else on standard error.
func (f outputFlag) follow(ctx context.Context, api rotations, r own.Rotation, asked bool) error {
	to := os.Stdout
	if !f.forPeople() {
		to = os.Stderr
	}
	follower := newFollower(to, api, isTerminal(to))
	follower.asked = asked
	err := follower.follow(ctx, r)
	if f.forPeople() {
		return err
	}
	return cmp.Or(err, f.show(os.Stdout, follower.shown, nil))
}

type tokenWatchCommand struct {
	groupFlags
	outputFlag
}

// Help says how it ends.
func (tokenWatchCommand) Help() string {
	return `Shows the rotation that is under way, from its beginning until it is over. Interrupting it changes nothing.

Exit codes: 0 done; 1 rolled back, cancelled or failed, or there is none; 2 interrupted, the rotation goes on.`
}

// Run follows the rotation that is under way.
func (c *tokenWatchCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	all, err := api.Rotations(ctx, c.Group)
	if err != nil {
		return err
	}
	if len(all) == 0 || all[0].Over {
		return fmt.Errorf("%s has no rotation under way; those that are over: aikagi token rotations %[1]s", c.Group)
	}
	return c.follow(ctx, api, all[0], false)
}

type tokenContinueCommand struct {
	groupFlags
	outputFlag
}

// Run ends the waiting.
func (c *tokenContinueCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	r, err := api.ContinueRotation(ctx, c.Group)
	if err != nil {
		return err
	}
	return c.show(os.Stdout, r, sentence("%s ends %s now", r.RotationId, credentialName(r.OldCredential)))
}

type tokenCancelCommand struct {
	groupFlags
	outputFlag
}

// Help says what is left.
func (tokenCancelCommand) Help() string {
	return `A new token that was not delivered yet is taken back. One that was delivered stays accepted beside the old one, because clients
may use it; aikagi token rotate GROUP --finish-only finishes the change later. After SET it is too late: see aikagi token roll-back.`
}

// Run cancels the rotation that is under way.
func (c *tokenCancelCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	r, err := api.CancelRotation(ctx, c.Group)
	if err != nil {
		return err
	}
	return c.show(os.Stdout, r, sentence("%s is %s", r.RotationId, cancelState(r)))
}

func cancelState(r own.Rotation) string {
	if r.Over {
		return string(r.State)
	}
	return "being cancelled"
}

type tokenRollBackCommand struct {
	groupFlags
	outputFlag
}

// Help says when it can be done.
func (tokenRollBackCommand) Help() string {
	return `Brings the old token back after SET, beside the new one, while the rotation is still watching (--grace).`
}

// Run asks for the old token.
func (c *tokenRollBackCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	r, err := api.RollBackRotation(ctx, c.Group)
	if err != nil {
		return err
	}
	return c.show(os.Stdout, r, sentence("%s brings %s back", r.RotationId, credentialName(r.OldCredential)))
}

// credentialName is a credential in a sentence.
func credentialName(fingerprint string) string {
	if fingerprint == "NONE" {
		return "access without a token"
	}
	return "token " + fingerprint
}
