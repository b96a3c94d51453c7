-- +goose Up

-- The body of a group names security groups from here on (version 4), which an earlier release would drop when it writes the group,
-- and let everybody in. Bodies are brought up as they are read; this step is here so that such a release refuses the store.
SELECT 1;

-- +goose Down
SELECT 1;
