package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/client"
)

type deleteCommand struct {
	groupFlags
	waitFlags
	Yes bool `short:"y" env:"-" help:"Do not ask."`
}

// Help says what is lost.
func (deleteCommand) Help() string {
	return `Deletes a group, or a cache cluster on its own, with its nodes and all of its data. It asks for the name again on the
terminal; without a terminal it needs --yes.

Exit codes: 0 deleted, or accepted with --no-wait; 1 refused or failed; 2 interrupted or timed out, while the deletion goes on.`
}

// Run deletes a group, once it is sure.
func (c *deleteCommand) Run(ctx context.Context) error {
	api, err := c.connect()
	if err != nil {
		return err
	}
	g, err := api.Group(ctx, c.Group)
	if err != nil {
		return err
	}
	if !c.Yes {
		if err := confirm(ctx, g); err != nil {
			return err
		}
	}
	if g.Kind == client.KindCacheCluster {
		_, err = api.ElastiCache.DeleteCacheCluster(ctx, &elasticache.DeleteCacheClusterInput{CacheClusterId: &g.ReplicationGroupId})
	} else {
		_, err = api.ElastiCache.DeleteReplicationGroup(ctx, &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: &g.ReplicationGroupId})
	}
	if err != nil {
		return err
	}
	if c.NoWait {
		fmt.Printf("%s is being deleted\n", g.ReplicationGroupId)
		return nil
	}
	_, found, err := c.await(ctx, api, g.ReplicationGroupId)
	if err != nil {
		return err
	}
	if found {
		return fmt.Errorf("%s is still there", g.ReplicationGroupId)
	}
	fmt.Printf("%s is deleted\n", g.ReplicationGroupId)
	return nil
}

// confirm has the name of the group typed.
func confirm(ctx context.Context, g client.Group) error {
	if !isTerminal(os.Stdin) {
		return fmt.Errorf("%s and its data would be deleted: pass --yes, because there is no terminal to ask on", g.ReplicationGroupId)
	}
	typed, err := ask(ctx, fmt.Sprintf("%s (%s, %d nodes) and all of its data will be deleted. Type its name to go on: ",
		g.ReplicationGroupId, g.Engine, len(g.Nodes)), false)
	if err != nil {
		return err
	}
	if typed != g.ReplicationGroupId {
		return errors.New("that is not its name; nothing was deleted")
	}
	return nil
}
