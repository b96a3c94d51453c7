-- +goose Up

-- In the body of a group every address has a port from here on (version 5). Bodies are brought up as they are read. Claims of addresses
-- stay as they are: each address was one place's own, and still is. This step is here so that an earlier release, which knows neither
-- the form nor claims with ports, refuses the store.
SELECT 1;

-- +goose Down
SELECT 1;
