-- +goose Up
-- Position of the oldest event that an entry tells of, as pos is that of the newest: between them lie those that joined it.
ALTER TABLE callboard_notifications ADD COLUMN first_pos BIGINT;

-- +goose Down
ALTER TABLE callboard_notifications DROP COLUMN first_pos; -- kept
