package store

import (
	"encoding/json"

	"github.com/aikagi/aikagi/internal/cache"
)

// Events are what happened, in the order in which it was written down, also when the clock steps back. Of an entry,
// the subject is the source's id and the label is the source's type.
var Events = Log[cache.Event]{Name: "event", Encode: encodeEvent, Decode: decodeEvent}

// eventBody is what of an event is in the body.
type eventBody struct {
	Message string
	Fact    *cache.Fact `json:",omitempty"` // nil: its message is the original's, or is older than facts are
}

func encodeEvent(e cache.Event) (Entry, error) {
	body, err := json.Marshal(eventBody{e.Message, e.Fact})
	return Entry{At: e.At, Over: e.At, Subject: e.SourceID, Label: string(e.SourceType), Version: 1, Body: body}, err
}

func decodeEvent(e Entry) (cache.Event, error) {
	var body eventBody
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return cache.Event{}, damage("the event %d cannot be read (%v)", e.Sequence, err)
	}
	return cache.Event{
		Sequence: e.Sequence, At: e.At, SourceType: cache.SourceType(e.Label), SourceID: e.Subject, Message: body.Message, Fact: body.Fact,
	}, nil
}
