package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

type nodeCommand struct {
	Repair nodeRepairCommand `cmd:"" help:"Start a node without its snapshot, if it cannot load that."`
}

type nodeRepairCommand struct {
	clientFlags
	Node string `arg:"" help:"The node: GROUP/NODE, or NODE alone."`
	Yes  bool   `short:"y" env:"-" help:"Do not ask."`
}

// Help says what is lost.
func (nodeRepairCommand) Help() string {
	return `For a node that cannot start because its snapshot, dump.rdb, is damaged or was written by a newer engine (aikagi status says
so), and whose data no other node has. The file is renamed, never removed, and the node starts empty, without the data in that
file. A node that can start is left alone. So is a replica, which copies its data from its primary by itself.`
}

// Run asks, has the node repaired, and waits for it.
func (c *nodeRepairCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	node := strings.ToLower(c.Node[strings.LastIndexByte(c.Node, '/')+1:])
	faults, err := api.NodeFaults(ctx)
	if err != nil {
		return err
	}
	if fault, known := faultOf(faults, node); known && !c.Yes {
		fmt.Printf("%s cannot start: %s\n  %s\nWithout its snapshot it starts EMPTY. The file is kept under another name.\n", node, fault.Why, fault.Evidence)
		if !confirmed(os.Stdin, os.Stdout, "Start it empty?") {
			return errors.New("nothing was changed")
		}
	}
	as, err := api.RepairNode(ctx, node)
	if err != nil {
		return err
	}
	if err := awaitRepair(ctx, api, node); err != nil {
		return err
	}
	where := as
	if found, _ := filepath.Glob(filepath.Join(c.path(), "nodes", node+".*", as)); len(found) == 1 {
		where = found[0]
	}
	fmt.Printf("%s starts empty; its snapshot is kept as %s\n", node, where)
	return nil
}

func faultOf(faults []own.FaultyNode, node string) (own.NodeFault, bool) {
	i := slices.IndexFunc(faults, func(f own.FaultyNode) bool { return f.CacheClusterId == node })
	if i < 0 {
		return own.NodeFault{}, false
	}
	return faults[i].Fault, true
}

// confirmed asks a question that is answered with yes or no. No answer is no.
func confirmed(from io.Reader, to io.Writer, question string) bool {
	fmt.Fprintf(to, "%s [y/N] ", question)
	answer, _ := bufio.NewReader(from).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return true
	}
	return false
}

// awaitRepair returns when the file is out of the way.
func awaitRepair(ctx context.Context, api *client.Client, node string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		faults, err := api.NodeFaults(ctx)
		if err != nil {
			return fmt.Errorf("the repair was requested, but not seen to finish: %w", err)
		}
		if _, faulty := faultOf(faults, node); !faulty {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.New("the repair was requested, but is not done yet; see aikagi status")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// showFaults tells which nodes cannot start, why, and what to do.
func showFaults(to io.Writer, faults []own.FaultyNode) {
	for _, f := range faults {
		fmt.Fprintf(to, "\n%s CANNOT START: %s, since %s\n  %s\n  → %s\n", f.CacheClusterId, f.Fault.Why,
			stamp(f.Fault.Since), f.Fault.Evidence, f.Fault.Fix)
	}
}

func faultsOf(nodes []own.AccessNode) []own.FaultyNode {
	var faults []own.FaultyNode
	for _, n := range nodes {
		if n.Fault != nil {
			faults = append(faults, own.FaultyNode{CacheClusterId: n.CacheClusterId, Fault: *n.Fault})
		}
	}
	return faults
}
