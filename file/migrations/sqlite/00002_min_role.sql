-- +goose Up
-- The role that the owner must have to read the file; empty for any.
ALTER TABLE files ADD COLUMN min_role TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE files DROP COLUMN min_role;
