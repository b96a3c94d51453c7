-- +goose Up

-- A group may name a parameter group of somebody's own from here on (version 7 of its body). Bodies are brought up as they are read; this
-- step is here so that an earlier release, which would not bring its parameters to the nodes, refuses the store.
SELECT 1;

-- +goose Down
SELECT 1;
