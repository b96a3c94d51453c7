-- +goose Up

-- Who is signed in to the console. The id is with the browser alone.
CREATE TABLE console_sessions (
    digest     BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32), -- SHA-256 of the id
    caller     TEXT NOT NULL,
    created_at INTEGER NOT NULL, -- nanoseconds since 1970 in UTC
    expires_at INTEGER NOT NULL  -- the same
) STRICT, WITHOUT ROWID;
CREATE INDEX console_sessions_expires_at ON console_sessions (expires_at);

-- +goose Down
DROP TABLE console_sessions;
