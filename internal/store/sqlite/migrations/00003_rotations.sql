-- +goose Up

-- The receipts of guided rotations, kept whole, as JSON, without their salt. There is
-- no reference to groups: a receipt outlives its group. The sequence stays when a
-- receipt is replaced.
CREATE TABLE rotations (
    sequence   INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    group_id   TEXT NOT NULL,
    state      TEXT NOT NULL,
    started_at INTEGER NOT NULL, -- nanoseconds since 1970 in UTC
    ended_at   INTEGER,          -- the same; NULL: under way
    body       TEXT NOT NULL
) STRICT;
CREATE INDEX rotations_group ON rotations (group_id, started_at);
CREATE INDEX rotations_started_at ON rotations (started_at);
CREATE INDEX rotations_ended_at ON rotations (ended_at);

-- +goose Down
DROP TABLE rotations;
