package event

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/store"
)

// eventsDefault is how far back events are shown when nothing is said.
//
// Source: API reference, DescribeEvents ("by default, only the events occurring
// within the last hour are returned").
const eventsDefault = time.Hour

// Describe is DescribeEvents. It answers newest first, by the order in which events were written: the clock may
// have been set back meanwhile.
func (h Handlers) Describe(ctx context.Context, in *sdk.DescribeEventsInput) (*sdk.DescribeEventsOutput, error) {
	events, marker, err := h.Page(ctx, in)
	if err != nil {
		return nil, err
	}
	out := &sdk.DescribeEventsOutput{Marker: marker}
	for _, e := range events {
		out.Events = append(out.Events, types.Event{
			Date: aws.Time(e.At), Message: aws.String(e.Message),
			SourceIdentifier: aws.String(e.SourceID), SourceType: types.SourceType(e.SourceType),
		})
	}
	return out, nil
}

// Page returns one page of what is asked for.
func (h Handlers) Page(ctx context.Context, in *sdk.DescribeEventsInput) (events []cache.Event, marker *string, err error) {
	p, err := act.ParsePage(in.Marker, in.MaxRecords)
	if err != nil {
		return nil, nil, err
	}
	query, err := h.query(in, p)
	if err != nil {
		return nil, nil, err
	}
	err = h.Store.View(ctx, func(tx store.Tx) (err error) {
		events, err = store.Read(tx, store.Events, query)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	events, marker = act.Cut(p, events, func(e cache.Event) string { return strconv.FormatInt(e.Sequence, 10) })
	return events, marker, nil
}

func (h Handlers) query(in *sdk.DescribeEventsInput, p act.Page) (store.EntryQuery, error) {
	query := store.EntryQuery{Label: string(cache.SourceType(in.SourceType)), Subject: act.Lower(in.SourceIdentifier), Newest: true, Limit: p.Size + 1}
	if query.Subject != "" && query.Label == "" {
		return query, cache.Errorf(cache.KindCombination, "SourceIdentifier needs SourceType.")
	}
	if p.After != "" {
		sequence, err := strconv.ParseInt(p.After, 10, 64)
		if err != nil {
			return query, cache.Errorf(cache.KindInvalid, "The parameter Marker is not one that this service gave out.")
		}
		query.After = sequence
	}
	span := eventsDefault
	if in.Duration != nil {
		if in.StartTime != nil && in.EndTime != nil {
			return query, cache.Errorf(cache.KindCombination, "Duration cannot be used together with StartTime and EndTime.")
		}
		span = time.Duration(*in.Duration) * time.Minute
	}
	if span <= 0 || span > cache.EventRetention {
		return query, cache.Errorf(cache.KindInvalid, "The parameter Duration must be between 1 and %d minutes.", int(cache.EventRetention.Minutes()))
	}
	switch {
	case in.StartTime != nil && in.EndTime != nil:
		query.From, query.Until = *in.StartTime, *in.EndTime
	case in.StartTime != nil && in.Duration != nil:
		query.From, query.Until = *in.StartTime, in.StartTime.Add(span)
	case in.StartTime != nil:
		query.From = *in.StartTime
	case in.EndTime != nil:
		query.From, query.Until = in.EndTime.Add(-span), *in.EndTime
	default:
		query.From = h.Now().Add(-span)
	}
	if !query.Until.IsZero() && !query.From.Before(query.Until) {
		return query, cache.Errorf(cache.KindCombination, "StartTime must be before EndTime.")
	}
	return query, nil
}
