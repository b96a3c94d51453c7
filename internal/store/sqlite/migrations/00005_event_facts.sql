-- +goose Up

-- What an event says, as JSON; NULL: its message is in the original's words, or
-- was written before there were facts.
ALTER TABLE events ADD COLUMN fact TEXT;

-- +goose Down
ALTER TABLE events DROP COLUMN fact;
