-- +goose Up
-- Who was announced as a viewer, and not yet as gone.
CREATE TABLE callboard_presence_viewers (
    resource_type TEXT   NOT NULL,
    resource_id   TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    user_name     TEXT   NOT NULL,
    since         BIGINT NOT NULL,
    PRIMARY KEY (resource_type, resource_id, user_id)
);

-- The statuses that users chose.
CREATE TABLE callboard_presence_statuses (
    user_id    TEXT   NOT NULL PRIMARY KEY,
    status     TEXT   NOT NULL,
    text       TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE callboard_presence_statuses;
DROP TABLE callboard_presence_viewers;
