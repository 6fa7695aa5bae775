-- +goose Up
CREATE TABLE activity (
    pos           INTEGER PRIMARY KEY,
    event_id      TEXT    NOT NULL,
    user_id       TEXT    NOT NULL,
    user_name     TEXT    NOT NULL,
    action        TEXT    NOT NULL,
    source        TEXT    NOT NULL,
    resource_type TEXT    NOT NULL,
    resource_id   TEXT    NOT NULL,
    resource_name TEXT    NOT NULL,
    metadata      TEXT    NOT NULL,
    ip            TEXT    NOT NULL,
    user_agent    TEXT    NOT NULL,
    created_at    BIGINT  NOT NULL
);
CREATE INDEX activity_resource ON activity (resource_type, resource_id, pos);
CREATE INDEX activity_type ON activity (resource_type, pos);
CREATE INDEX activity_user ON activity (user_id, pos);
CREATE INDEX activity_action ON activity (action, pos);

-- The words of an entry by its position. Contentless: it answers "which positions", and the table has the rest. What the
-- prefixes and the vocabulary are for is told in vocabulary.go.
CREATE VIRTUAL TABLE activity_words USING fts5 (words, content = '', contentless_delete = 1, detail = none, prefix = '2 3');
CREATE TABLE activity_vocabulary (
    word TEXT PRIMARY KEY -- of four characters or more
) WITHOUT ROWID;

-- Entries per day (UTC, days since 1970-01-01), user and action, so that statistics need not count the log.
CREATE TABLE activity_daily (
    day     INTEGER NOT NULL,
    user_id TEXT    NOT NULL,
    action  TEXT    NOT NULL,
    entries BIGINT  NOT NULL,
    PRIMARY KEY (day, user_id, action)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE activity_daily;
DROP TABLE activity_vocabulary;
DROP TABLE activity_words;
DROP TABLE activity;
