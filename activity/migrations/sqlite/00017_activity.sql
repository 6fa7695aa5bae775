-- +goose Up
CREATE TABLE callboard_activity (
    pos           INTEGER PRIMARY KEY,
    event_id      TEXT    NOT NULL,
    user_id       TEXT    NOT NULL,
    user_name     TEXT    NOT NULL,
    action        TEXT    NOT NULL,
    source        TEXT    NOT NULL,
    resource_type TEXT    NOT NULL,
    resource_id   TEXT    NOT NULL,
    resource_name TEXT    NOT NULL,
    created_at    BIGINT  NOT NULL,
    ip            TEXT    NOT NULL,
    user_agent    TEXT    NOT NULL,
    metadata      TEXT    NOT NULL -- last, for it may be long, and what comes behind it would be slow to filter by
);
-- Each index also holds the position, in whose order SQLite keeps equal entries.
CREATE INDEX callboard_activity_resource ON callboard_activity (resource_type, resource_id);
CREATE INDEX callboard_activity_type ON callboard_activity (resource_type);
CREATE INDEX callboard_activity_action ON callboard_activity (action);
CREATE INDEX callboard_activity_user ON callboard_activity (user_id, pos, action, resource_type); -- so that both can be filtered in the index

-- The words of an entry by its position, and one for the block of positions in which it lies: see search.go. Contentless: it
-- answers "which positions", and the table has the rest. Words come folded, so nothing but spaces is between them.
CREATE VIRTUAL TABLE callboard_activity_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, prefix = '2 3', tokenize = 'ascii'
);
CREATE VIRTUAL TABLE callboard_activity_vocabulary USING fts5vocab (callboard_activity_words, instance); -- the words in there, and nothing of its own

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
) WITHOUT ROWID;

-- Entries per user and source, in spans of so many days, which start at first: users are many, and so are the days of a year.
CREATE TABLE callboard_activity_user_days (
    days    INTEGER NOT NULL,
    first   INTEGER NOT NULL,
    user_id TEXT    NOT NULL,
    source  TEXT    NOT NULL,
    entries BIGINT  NOT NULL,
    PRIMARY KEY (days, first, user_id, source)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE callboard_activity_user_days;
DROP TABLE callboard_activity_daily;
DROP TABLE callboard_activity_vocabulary;
DROP TABLE callboard_activity_words;
DROP TABLE callboard_activity;
