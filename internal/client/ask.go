package client

import (
	"context"
	"fmt"

	"github.com/aikagi/aikagi/internal/elasticache/awsquery"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// ask calls an action of aikagi's own.
func ask[In, Out any](ctx context.Context, c *Client, action own.Action[In, Out], in In) (out Out, err error) {
	form, err := awsquery.EncodeForm(in)
	if err != nil {
		return out, fmt.Errorf("call %s: %w", action, err)
	}
	form.Set("Action", string(action))
	text, err := c.call(ctx, form)
	if err != nil {
		return out, err
	}
	return out, awsquery.DecodeAnswer(text, string(action), &out)
}

// askAll calls an action for one page after the other. Input makes that of the page after a marker, which is nil for the first;
// items takes out of an answer what is asked for, and the marker of the next page.
func askAll[In, Out, T any](ctx context.Context, c *Client, action own.Action[In, Out], input func(marker *string) In, items func(Out) ([]T, *string)) ([]T, error) {
	all := []T{}
	for marker := (*string)(nil); ; {
		page, err := ask(ctx, c, action, input(marker))
		if err != nil {
			return nil, err
		}
		var found []T
		found, marker = items(page)
		all = append(all, found...)
		if marker == nil {
			return all, nil
		}
	}
}

// optional leaves an empty text out of a form.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
