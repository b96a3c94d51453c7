package group

import (
	"context"
	"errors"
	"sync"

	"github.com/aikagi/aikagi/internal/cache"
)

// errInterrupted: a node of the group was lost while its plan was carried out.
var errInterrupted = errors.New("interrupted by the loss of a node")

// interrupts ends what is being done to a group. That is safe at any moment, for the reason for which killing the
// control plane is: the next plan starts from what is there.
type interrupts struct {
	mu  sync.Mutex // guards all
	all map[cache.Key]context.CancelCauseFunc
}

// begin returns a context that an interrupt of the group ends.
func (i *interrupts) begin(ctx context.Context, key cache.Key) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.all == nil {
		i.all = map[cache.Key]context.CancelCauseFunc{}
	}
	i.all[key] = cancel
	return ctx, func() {
		i.mu.Lock()
		delete(i.all, key)
		i.mu.Unlock()
		cancel(nil)
	}
}

func (i *interrupts) send(key cache.Key) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if cancel := i.all[key]; cancel != nil {
		cancel(errInterrupted)
	}
}
