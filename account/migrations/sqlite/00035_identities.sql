-- +goose Up
-- Who an account is at an OpenID Connect provider: at each, one subject.
CREATE TABLE callboard_identities (
    issuer     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    user_id    TEXT   NOT NULL REFERENCES callboard_users (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX callboard_identities_user_id ON callboard_identities (user_id, issuer);

-- Sign-ins at the provider that have come back: each does once, while its cookie holds.
CREATE TABLE callboard_used_sign_ins (
    state_hash TEXT   NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE callboard_used_sign_ins; -- not kept: of ten minutes
DROP TABLE callboard_identities; -- kept
