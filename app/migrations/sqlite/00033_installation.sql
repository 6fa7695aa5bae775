-- +goose Up
-- What tells this installation from others, which is no secret, and when it was last backed up.
CREATE TABLE callboard_installation (id TEXT PRIMARY KEY, backed_up_at BIGINT);
INSERT INTO callboard_installation (id) VALUES (lower(hex(randomblob(16))));

-- What each server says of itself, every few seconds.
CREATE TABLE callboard_nodes (
    id            TEXT    PRIMARY KEY, -- new at each start
    name          TEXT    NOT NULL,
    version       TEXT    NOT NULL,
    url           TEXT    NOT NULL, -- on its own machine; empty where an application serves it
    log_key       TEXT    NOT NULL, -- the public key of what it signs the activity log with
    other_secrets INTEGER NOT NULL, -- how many nodes it knows to have another JWT_SECRET
    clock         BIGINT  NOT NULL, -- its own
    seen_at       BIGINT  NOT NULL  -- by the clock of the database
);

-- +goose Down
DROP TABLE callboard_nodes; -- not kept: who runs now
DROP TABLE callboard_installation; -- kept
