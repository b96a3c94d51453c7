package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/aikagi/aikagi/internal/client"
)

// receiptsFlags are those of a command that shows receipts; ${receipts} is what of.
type receiptsFlags struct {
	clientFlags
	outputFlag
	Group string `arg:"" optional:"" help:"Replication group whose ${receipts} to show; it may have been deleted. Default: all." predictor:"group"`
}

func (f receiptsFlags) group() string { return f.Group }

// receiptTable shows receipts to people.
type receiptTable[T any] struct {
	none    string // where there are no receipts
	columns string // their names, with tabs between them
	line    func(T) string
}

func (t receiptTable[T]) write(to io.Writer, receipts []T) error {
	if len(receipts) == 0 {
		fmt.Fprintln(to, t.none)
		return nil
	}
	table := newTable(to)
	fmt.Fprintln(table, t.columns)
	for _, receipt := range receipts {
		fmt.Fprintln(table, t.line(receipt))
	}
	return table.Flush()
}

// showReceipts asks for what is kept of the flags' group, or of all, and shows it.
func showReceipts[T any](ctx context.Context, f receiptsFlags, ask func(*client.Client, context.Context, string) ([]T, error), table receiptTable[T]) error {
	api, err := f.connect()
	if err != nil {
		return err
	}
	receipts, err := ask(api, ctx, f.Group)
	if err != nil {
		return err
	}
	return f.show(os.Stdout, receipts, func(to io.Writer) error { return table.write(to, receipts) })
}
