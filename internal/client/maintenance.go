package client

import (
	"context"

	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// Maintenance tells of all caches, those first whose window opens first.
func (c *Client) Maintenance(ctx context.Context) ([]own.Maintenance, error) {
	out, err := ask(ctx, c, own.DescribeMaintenance, own.CacheInput{})
	return out.Caches, err
}

// StartMaintenance has what waits for a cache's window be done now.
func (c *Client) StartMaintenance(ctx context.Context, in own.CacheInput) (own.Maintenance, error) {
	return ask(ctx, c, own.StartMaintenance, in)
}

// CancelMaintenance takes back what waits for a cache's window.
func (c *Client) CancelMaintenance(ctx context.Context, in own.CacheInput) (own.Maintenance, error) {
	return ask(ctx, c, own.CancelMaintenance, in)
}
