-- +goose Up
CREATE TABLE activity (
    pos           BIGINT PRIMARY KEY,
    event_id      TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    user_name     TEXT   NOT NULL,
    action        TEXT   NOT NULL,
    source        TEXT   NOT NULL,
    resource_type TEXT   NOT NULL,
    resource_id   TEXT   NOT NULL,
    resource_name TEXT   NOT NULL,
    metadata      TEXT   NOT NULL,
    ip            TEXT   NOT NULL,
    user_agent    TEXT   NOT NULL,
    created_at    BIGINT NOT NULL
);
CREATE INDEX activity_resource ON activity (resource_type, resource_id, pos);
CREATE INDEX activity_type ON activity (resource_type, pos);
CREATE INDEX activity_user ON activity (user_id, pos);
CREATE INDEX activity_action ON activity (action, pos);

-- The words of an entry by its position.
CREATE TABLE activity_words (
    pos   BIGINT PRIMARY KEY,
    words TEXT NOT NULL
);
CREATE INDEX activity_words_search ON activity_words USING gin (to_tsvector('simple', words));

-- Entries per day (UTC, days since 1970-01-01), user and action, so that statistics need not count the log.
CREATE TABLE activity_daily (
    day     INTEGER NOT NULL,
    user_id TEXT    NOT NULL,
    action  TEXT    NOT NULL,
    entries BIGINT  NOT NULL,
    PRIMARY KEY (day, user_id, action)
);

-- +goose Down
DROP TABLE activity_daily;
DROP TABLE activity_words;
DROP TABLE activity;
