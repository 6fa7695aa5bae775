-- +goose Up
-- Who made the token, NULL where that is not known, and the token that it was made with, if it was one.
ALTER TABLE api_tokens ADD COLUMN created_by TEXT;
ALTER TABLE api_tokens ADD COLUMN parent_id TEXT;
CREATE INDEX api_tokens_created_by ON api_tokens (created_by) WHERE revoked_at IS NULL;
CREATE INDEX api_tokens_parent_id ON api_tokens (parent_id) WHERE parent_id IS NOT NULL;

-- +goose Down
DROP INDEX api_tokens_parent_id;
DROP INDEX api_tokens_created_by;
ALTER TABLE api_tokens DROP COLUMN parent_id;
ALTER TABLE api_tokens DROP COLUMN created_by;
