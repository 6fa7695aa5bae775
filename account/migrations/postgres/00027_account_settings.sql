-- +goose Up
ALTER TABLE callboard_users ADD COLUMN last_sign_in_at BIGINT; -- NULL: never, or before this was kept

-- What pages keep of their own for a user, also one of an application: a JSON object.
CREATE TABLE callboard_user_settings (
    user_id    TEXT   NOT NULL PRIMARY KEY,
    settings   TEXT   NOT NULL,
    updated_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE callboard_user_settings; -- kept
ALTER TABLE callboard_users DROP COLUMN last_sign_in_at; -- kept
