-- +goose Up
-- What was signed of the tree: how many leaves it had, and what its root was.
CREATE TABLE callboard_activity_checkpoints (
    size      INTEGER PRIMARY KEY,
    signed_at BIGINT  NOT NULL,
    note      TEXT    NOT NULL
);

-- +goose Down
DROP TABLE callboard_activity_checkpoints; -- kept
