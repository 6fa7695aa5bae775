-- +goose Up
ALTER TABLE callboard_api_tokens ADD COLUMN scopes TEXT NOT NULL DEFAULT ''; -- what a token is limited to; '' is no limit

-- +goose Down
-- Tokens that are limited end: a version that knows no limits would let them do everything.
UPDATE callboard_api_tokens SET revoked_at = created_at WHERE scopes <> '' AND revoked_at IS NULL;
ALTER TABLE callboard_api_tokens DROP COLUMN scopes; -- kept
