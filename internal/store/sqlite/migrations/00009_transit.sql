-- +goose Up

-- The body of a group has modes of encryption in transit from here on (version 3). Bodies are brought up as they are read; this
-- step is here so that an earlier release, which does not know the form, refuses the store.
SELECT 1;

-- +goose Down
SELECT 1;
