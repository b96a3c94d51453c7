-- +goose Up

-- The receipts of failovers, kept whole, as JSON. There is no reference to groups:
-- a receipt outlives its group. The sequence stays when a receipt is replaced.
CREATE TABLE failovers (
    sequence    INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    group_id    TEXT NOT NULL,
    cause       TEXT NOT NULL,
    detected_at INTEGER NOT NULL, -- nanoseconds since 1970 in UTC
    body        TEXT NOT NULL
) STRICT;
CREATE INDEX failovers_group ON failovers (group_id, detected_at);
CREATE INDEX failovers_detected_at ON failovers (detected_at);

-- +goose Down
DROP TABLE failovers;
