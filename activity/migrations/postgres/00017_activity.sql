-- +goose Up
CREATE TABLE callboard_activity (
    pos           BIGINT PRIMARY KEY,
    event_id      TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    user_name     TEXT   NOT NULL,
    action        TEXT   NOT NULL,
    source        TEXT   NOT NULL,
    resource_type TEXT   NOT NULL,
    resource_id   TEXT   NOT NULL,
    resource_name TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    ip            TEXT   NOT NULL,
    user_agent    TEXT   NOT NULL,
    metadata      TEXT   NOT NULL,
    words         TSVECTOR NOT NULL
);
CREATE INDEX callboard_activity_resource ON callboard_activity (resource_type, resource_id, pos);
CREATE INDEX callboard_activity_type ON callboard_activity (resource_type, pos);
CREATE INDEX callboard_activity_action ON callboard_activity (action, pos);
CREATE INDEX callboard_activity_user ON callboard_activity (user_id, pos, action, resource_type); -- so that both can be filtered in the index
CREATE INDEX callboard_activity_words ON callboard_activity USING gin (words);

-- Entries per day (UTC, days since 1970-01-01), action and source, so that statistics need not count the log, and between which
-- positions they are, so that lists of a time need not search it.
CREATE TABLE callboard_activity_daily (
    day       INTEGER NOT NULL,
    action    TEXT    NOT NULL,
    source    TEXT    NOT NULL,
    entries   BIGINT  NOT NULL,
    first_pos BIGINT  NOT NULL,
    last_pos  BIGINT  NOT NULL,
    PRIMARY KEY (day, action, source)
);

-- Entries per user and source, in spans of so many days, which start at first: users are many, and so are the days of a year.
CREATE TABLE callboard_activity_user_days (
    days    INTEGER NOT NULL,
    first   INTEGER NOT NULL,
    user_id TEXT    NOT NULL,
    source  TEXT    NOT NULL,
    entries BIGINT  NOT NULL,
    PRIMARY KEY (days, first, user_id, source)
);

-- +goose Down
DROP TABLE callboard_activity_user_days;
DROP TABLE callboard_activity_daily;
DROP TABLE callboard_activity;
