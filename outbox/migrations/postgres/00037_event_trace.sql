-- +goose Up
ALTER TABLE callboard_outbox ADD COLUMN trace TEXT; -- traceparent of the request; NULL: it was not traced

-- +goose Down
ALTER TABLE callboard_outbox DROP COLUMN trace; -- kept
