-- +goose Up
-- What became of the item, where a kind of jobs distinguishes more than that it was not taken.
ALTER TABLE callboard_job_problems ADD COLUMN outcome TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE callboard_job_problems DROP COLUMN outcome; -- kept
