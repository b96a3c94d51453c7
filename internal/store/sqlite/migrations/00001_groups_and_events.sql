-- +goose Up

-- A group is kept whole, as JSON. The rowid table keeps bodies out of the index
-- on key, so that pages of keys stay dense.
CREATE TABLE groups (
    key      TEXT NOT NULL PRIMARY KEY,
    uid      TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL CHECK (revision > 0),
    body     TEXT NOT NULL
) STRICT;

-- The ids of all cache clusters, members and standing alone: one namespace.
CREATE TABLE cache_clusters (
    id        TEXT NOT NULL PRIMARY KEY,
    uid       TEXT NOT NULL UNIQUE,
    group_key TEXT NOT NULL REFERENCES groups (key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX cache_clusters_group ON cache_clusters (group_key);

CREATE TABLE addresses (
    address   TEXT NOT NULL PRIMARY KEY,
    group_key TEXT NOT NULL REFERENCES groups (key) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX addresses_group ON addresses (group_key);

-- AUTOINCREMENT: the sequence of a pruned event is never given again.
CREATE TABLE events (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL, -- nanoseconds since 1970 in UTC
    source_type TEXT NOT NULL,
    source_id   TEXT NOT NULL,
    message     TEXT NOT NULL
) STRICT;
CREATE INDEX events_source ON events (source_type, source_id, at);
CREATE INDEX events_at ON events (at);

-- +goose Down
DROP TABLE events;
DROP TABLE addresses;
DROP TABLE cache_clusters;
DROP TABLE groups;
