-- +goose Up
-- Only SQLite has anything to do here.
SELECT 1;

-- +goose Down
SELECT 1;
