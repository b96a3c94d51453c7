package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/valkey-io/valkey-go"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/engine/policy"
)

// trialUser is there within one transaction only, which nobody sees from outside, and cannot log in.
const trialUser = "aikagi:trial"

// Try asks the node whether an access would let a command through, without running it: not what its users have at the moment, but what
// they are to have. The refusal is the node's, in its words; it is empty where the command is let through. A command that the node does not
// have, or that has too few or too many arguments, is an error of [cache.KindInvalid].
//
// Source: ACL DRYRUN of the engines, since Redis 7.0.
func (a *Admin) Try(ctx context.Context, access user.Access, allow policy.Allowance, words []string) (trial user.Trial, err error) {
	ctx, cancel := context.WithTimeout(ctx, a.deadline)
	defer cancel()
	info, err := a.client.Do(ctx, a.command("INFO", "server")).ToString()
	if err != nil {
		return trial, fmt.Errorf("ask node for its version: %w", err)
	}
	trial.Version = parseInfo(info).Version
	rights := Rights{Version: trial.Version, Allow: allow}
	replies := a.client.DoMulti(
		ctx, a.command("MULTI"), a.setUser(trialUser, "reset off "+rights.rulesOf(access)),
		a.renamed("ACL", slices.Concat([]string{"DRYRUN", trialUser}, words)...), a.renamed("ACL", "DELUSER", trialUser), a.command("EXEC"))
	results, err := replies[len(replies)-1].ToArray()
	if err != nil {
		return trial, fmt.Errorf("try command: %w", err)
	}
	if err := errors.Join(results[0].Error(), results[2].Error()); err != nil {
		return trial, fmt.Errorf("try command: %w", err)
	}
	answer, err := results[1].ToString()
	var refused *valkey.ValkeyError
	switch {
	case errors.As(err, &refused):
		return trial, cache.Errorf(cache.KindInvalid, "The engine cannot try this command: %s", strings.TrimPrefix(refused.Error(), "ERR "))
	case err != nil:
		return trial, fmt.Errorf("try command: %w", err)
	case answer != "OK":
		trial.Refusal = strings.ReplaceAll(answer, "User "+trialUser, "the user")
	}
	return trial, nil
}
