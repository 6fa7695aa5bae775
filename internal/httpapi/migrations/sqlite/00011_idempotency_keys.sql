-- +goose Up
CREATE TABLE callboard_idempotency_keys (
    user_id     TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL, -- of method, path, query and body
    status      INTEGER,          -- NULL until the answer is kept
    secret      BOOLEAN NOT NULL DEFAULT FALSE, -- the answer held a secret, and its body was not kept
    headers     TEXT,
    body        BLOB,
    created_at  BIGINT  NOT NULL,
    PRIMARY KEY (user_id, key)
);
CREATE INDEX callboard_idempotency_keys_created_at ON callboard_idempotency_keys (created_at);

-- +goose Down
DROP TABLE callboard_idempotency_keys;
