-- +goose Up
-- The second factor of an account that signs in with a password. Until a code has confirmed it, nothing asks for it.
CREATE TABLE callboard_second_factors (
    user_id      TEXT   NOT NULL PRIMARY KEY REFERENCES callboard_users (id),
    secret       TEXT   NOT NULL, -- encrypted
    used_step    BIGINT NOT NULL, -- of the newest code that was taken; older ones and itself no longer are
    created_at   BIGINT NOT NULL,
    confirmed_at BIGINT
);

-- Those that are not used yet.
CREATE TABLE callboard_recovery_codes (
    user_id   TEXT NOT NULL REFERENCES callboard_users (id),
    code_hash TEXT NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

-- +goose Down
DROP TABLE callboard_recovery_codes; -- kept
DROP TABLE callboard_second_factors; -- kept
