package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/valkey-io/valkey-go"

	"github.com/aikagi/aikagi/internal/engine/gate"
)

// gateCommand directs a node's gate. Only users of the service know it.
const gateCommand = "AIKAGI.GATE"

// errNoGate: the node was started without a gate, by an earlier release.
var errNoGate = errors.New("node has no gate")

// IsUnknown reports whether a refusal says that the engine does not have a command: its module is of an earlier release. One that is
// busy refuses everything, in other words.
func IsUnknown(err error) bool {
	var refusal *valkey.ValkeyError
	return errors.As(err, &refusal) && strings.Contains(strings.ToLower(refusal.Error()), "unknown command")
}

// isGateless reports whether a refusal of a command for the gate says that there is none.
func isGateless(err error) bool {
	return IsUnknown(err) || IsRefused(err) && strings.Contains(strings.ToLower(err.Error()), "started without the gate")
}

// IsOccupied reports whether a refusal says that somebody else listens at an address. Engines without a gate do not say why they
// cannot.
func IsOccupied(err error) bool {
	return IsRefused(err) && (!strings.Contains(err.Error(), directing) || strings.Contains(err.Error(), "Address already in use"))
}

// directing is what refusals of a gate are told with.
const directing = "direct node's gate"

// obey gives the node's gate an order, and returns what the gate reports right after. A gate of an earlier release is given an order without
// what it does not know: limits of sources, and moves. Commands that are to be carried out before go in the same write, and their replies
// are returned; a refusal of one keeps nothing from being carried out. Errors: errNoGate, a refusal of the order ([IsRefused]), after which
// the gate is as it was.
func (a *Admin) obey(ctx context.Context, order gate.Order, before ...valkey.Completed) (gate.Report, []valkey.ValkeyResult, error) {
	report, replies, err := a.tryOrder(ctx, order, before)
	if err != nil && IsRefused(err) && strings.Contains(err.Error(), "there is no such line") {
		order.PerSource, order.Left, order.Watch = gate.PerSource{}, nil, false
		report, _, err = a.tryOrder(ctx, order, nil)
	}
	return report, replies, err
}

func (a *Admin) tryOrder(ctx context.Context, order gate.Order, before []valkey.Completed) (report gate.Report, replies []valkey.ValkeyResult, err error) {
	text, err := order.Render()
	if err != nil {
		return report, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, a.deadline)
	defer cancel()
	all := append(slices.Clip(before), a.command(gateCommand, "OBEY", text), a.command(gateCommand, "REPORT"))
	answers := a.client.DoMulti(ctx, all...)
	replies, answers = answers[:len(before)], answers[len(before):]
	switch err := answers[0].Error(); {
	case isGateless(err):
		return report, replies, errNoGate
	case err != nil:
		return report, replies, fmt.Errorf(directing+": %w", err)
	}
	read, err := readGate(answers[1])
	if err == nil && read != nil {
		report = *read
	}
	return report, replies, err
}

// Gate returns what the node's gate reports; nil if it has none.
func (a *Admin) Gate(ctx context.Context) (*gate.Report, error) {
	ctx, cancel := context.WithTimeout(ctx, a.deadline)
	defer cancel()
	return readGate(a.client.Do(ctx, a.command(gateCommand, "REPORT")))
}

// readGate reads the answer to a question for the gate's report; nil when the node has none.
func readGate(reply valkey.ValkeyResult) (*gate.Report, error) {
	text, err := reply.ToString()
	switch {
	case isGateless(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("observe node's gate: %w", err)
	}
	report, err := gate.ParseReport(text)
	return &report, err
}
