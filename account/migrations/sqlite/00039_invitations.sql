-- +goose Up
-- The open link of an account without a password, by which whoever has it sets one.
CREATE TABLE callboard_invitations (
    user_id    TEXT   NOT NULL PRIMARY KEY REFERENCES callboard_users (id),
    token_hash TEXT   NOT NULL UNIQUE,
    invited_by TEXT   NOT NULL, -- name, as it was then
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE callboard_invitations; -- kept
