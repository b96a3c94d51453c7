-- +goose Up

-- One table for objects of all kinds and one for entries of all logs, so that a new kind needs no migration. Bodies
-- and sequences of events stay as they are: pages that somebody reads just now go on.

-- The rowid table keeps bodies out of the index on kind and id, so that pages of keys stay dense.
CREATE TABLE objects (
    kind     TEXT NOT NULL,
    id       TEXT NOT NULL,
    uid      TEXT NOT NULL, -- '': the kind has none
    revision INTEGER NOT NULL CHECK (revision > 0),
    version  INTEGER NOT NULL CHECK (version > 0), -- of the form of the body
    body     TEXT NOT NULL, -- JSON
    PRIMARY KEY (kind, id)
) STRICT;
CREATE UNIQUE INDEX objects_uid ON objects (uid) WHERE uid <> '';

-- What only one object at a time can have.
CREATE TABLE claims (
    space TEXT NOT NULL,
    name  TEXT NOT NULL,
    uid   TEXT NOT NULL, -- '': there is none
    kind  TEXT NOT NULL,
    id    TEXT NOT NULL,
    PRIMARY KEY (space, name),
    FOREIGN KEY (kind, id) REFERENCES objects (kind, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_holder ON claims (kind, id);
CREATE UNIQUE INDEX claims_uid ON claims (uid) WHERE uid <> '';

-- Which objects others use.
CREATE TABLE refs (
    kind    TEXT NOT NULL,
    id      TEXT NOT NULL,
    to_kind TEXT NOT NULL,
    to_id   TEXT NOT NULL,
    PRIMARY KEY (kind, id, to_kind, to_id),
    FOREIGN KEY (kind, id) REFERENCES objects (kind, id) ON DELETE CASCADE,
    FOREIGN KEY (to_kind, to_id) REFERENCES objects (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX refs_to ON refs (to_kind, to_id);

-- AUTOINCREMENT: the sequence of a pruned entry is never given again. Each index ends with the sequence.
CREATE TABLE entries (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    log      TEXT NOT NULL,
    id       TEXT, -- NULL: it is never replaced
    at       INTEGER NOT NULL, -- nanoseconds since 1970 in UTC
    over     INTEGER, -- the same; NULL: it stays
    subject  TEXT NOT NULL,
    label    TEXT NOT NULL,
    version  INTEGER NOT NULL CHECK (version > 0),
    body     TEXT NOT NULL -- JSON
) STRICT;
CREATE UNIQUE INDEX entries_id ON entries (log, id) WHERE id IS NOT NULL;
CREATE INDEX entries_log ON entries (log);
CREATE INDEX entries_at ON entries (log, at);
CREATE INDEX entries_subject ON entries (log, subject, at);
CREATE INDEX entries_over ON entries (log, over) WHERE over IS NOT NULL;

-- Is written to and emptied to give the file pages that are free.
CREATE TABLE reserve (space BLOB NOT NULL) STRICT;

INSERT INTO objects (kind, id, uid, revision, version, body)
    SELECT 'group', key, uid, revision, 1, body FROM groups;
INSERT INTO objects (kind, id, uid, revision, version, body)
    SELECT 'console-session', lower(hex(digest)), '', 1, 1, json_object(
        'Digest', lower(hex(digest)), 'Caller', caller,
        'CreatedAt', strftime('%Y-%m-%dT%H:%M:%S', created_at / 1000000000, 'unixepoch') || printf('.%09dZ', created_at % 1000000000),
        'ExpiresAt', strftime('%Y-%m-%dT%H:%M:%S', expires_at / 1000000000, 'unixepoch') || printf('.%09dZ', expires_at % 1000000000))
    FROM console_sessions
    WHERE created_at >= 0 AND expires_at >= 0; -- no clock that is right was before 1970
INSERT INTO objects (kind, id, uid, revision, version, body)
    SELECT 'mark', name, '', 1, 1, json_object('Mark', name, 'Value', lower(hex(value))) FROM marks;
INSERT INTO claims (space, name, uid, kind, id)
    SELECT 'cache-cluster', id, uid, 'group', group_key FROM cache_clusters;
INSERT INTO claims (space, name, uid, kind, id)
    SELECT 'address', address, '', 'group', group_key FROM addresses;

INSERT INTO entries (sequence, log, id, at, over, subject, label, version, body)
    SELECT sequence, 'event', NULL, at, at, source_id, source_type, 1,
        CASE WHEN fact IS NULL THEN json_object('Message', message) ELSE json_object('Message', message, 'Fact', json(fact)) END
    FROM events ORDER BY sequence;
-- Sequences go on where those of the events were, also if the last ones were pruned.
UPDATE sqlite_sequence SET seq = max(seq, (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events')) WHERE name = 'entries';
INSERT INTO sqlite_sequence (name, seq)
    SELECT 'entries', seq FROM sqlite_sequence WHERE name = 'events' AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'entries');
INSERT INTO entries (log, id, at, over, subject, label, version, body)
    SELECT 'failover', id, detected_at, detected_at, group_id, cause, 1, body FROM failovers ORDER BY sequence;
INSERT INTO entries (log, id, at, over, subject, label, version, body)
    SELECT 'rotation', id, started_at, ended_at, group_id, state, 1, body FROM rotations ORDER BY sequence;

DROP TABLE events;
DROP TABLE failovers;
DROP TABLE rotations;
DROP TABLE console_sessions;
DROP TABLE marks;
DROP TABLE addresses;
DROP TABLE cache_clusters;
DROP TABLE groups;
