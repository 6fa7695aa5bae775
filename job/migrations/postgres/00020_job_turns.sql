-- +goose Up
-- The jobs of each owner that wait, in the order in which they are begun.
CREATE INDEX callboard_jobs_line ON callboard_jobs (kind, owner_id, priority, queued_at, id) WHERE status = 'pending';

-- +goose Down
DROP INDEX callboard_jobs_line;
