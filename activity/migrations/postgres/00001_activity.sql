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
    created_at    BIGINT NOT NULL,
    ip            TEXT   NOT NULL,
    user_agent    TEXT   NOT NULL,
    metadata      TEXT   NOT NULL,
    words         TSVECTOR NOT NULL
);
CREATE INDEX activity_resource ON activity (resource_type, resource_id, pos);
CREATE INDEX activity_type ON activity (resource_type, pos);
CREATE INDEX activity_action ON activity (action, pos);
CREATE INDEX activity_user ON activity (user_id, pos, action, resource_type); -- so that both can be filtered in the index
CREATE INDEX activity_words ON activity USING gin (words);

-- Entries per day (UTC, days since 1970-01-01) and action, so that statistics need not count the log, and between which
-- positions they are, so that lists of a time need not search it.
CREATE TABLE activity_daily (
    day       INTEGER NOT NULL,
    action    TEXT    NOT NULL,
    entries   BIGINT  NOT NULL,
    first_pos BIGINT  NOT NULL,
    last_pos  BIGINT  NOT NULL,
    PRIMARY KEY (day, action)
);

-- Entries per user, in spans of so many days, which start at first: users are many, and so are the days of a year.
CREATE TABLE activity_user_days (
    days    INTEGER NOT NULL,
    first   INTEGER NOT NULL,
    user_id TEXT    NOT NULL,
    entries BIGINT  NOT NULL,
    PRIMARY KEY (days, first, user_id)
);

-- +goose Down
DROP TABLE activity_user_days;
DROP TABLE activity_daily;
DROP TABLE activity;
