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
-- Each index also holds the position, in whose order SQLite keeps equal entries.
CREATE INDEX activity_resource ON activity (resource_type, resource_id);
CREATE INDEX activity_kind ON activity (resource_type, action);
CREATE INDEX activity_user ON activity (user_id, pos, action, resource_type); -- so that both can be filtered in the index

-- The actions that there are for each type of resource: by them activity_kind leads to all of a type or of an action.
CREATE TABLE activity_kinds (
    resource_type TEXT NOT NULL,
    action        TEXT NOT NULL,
    PRIMARY KEY (resource_type, action)
) WITHOUT ROWID;

-- The earliest and latest time in a span of positions, which starts at first. Times nearly follow positions, but need not.
CREATE TABLE activity_spans (
    size     BIGINT NOT NULL,
    first    BIGINT NOT NULL,
    earliest BIGINT NOT NULL,
    latest   BIGINT NOT NULL,
    PRIMARY KEY (size, first)
) WITHOUT ROWID;

-- The words of an entry by its position, and one for the block of positions in which it lies. Contentless: it answers "which
-- positions", and the table has the rest. What prefixes, vocabulary and blocks are for is told in vocabulary.go and match.go.
CREATE VIRTUAL TABLE activity_words USING fts5 (words, content = '', contentless_delete = 1, detail = none, prefix = '2 3');
INSERT INTO activity_words (activity_words, rank) VALUES ('usermerge', 2); -- see sweep.go
CREATE TABLE activity_vocabulary (
    word TEXT PRIMARY KEY -- of four characters or more
) WITHOUT ROWID;

-- Entries per day (UTC, days since 1970-01-01) and action, so that statistics need not count the log.
CREATE TABLE activity_daily (
    day     INTEGER NOT NULL,
    action  TEXT    NOT NULL,
    entries BIGINT  NOT NULL,
    PRIMARY KEY (day, action)
) WITHOUT ROWID;

-- Entries per user, in spans of so many days, which start at first: users are many, and so are the days of a year.
CREATE TABLE activity_user_days (
    days    INTEGER NOT NULL,
    first   INTEGER NOT NULL,
    user_id TEXT    NOT NULL,
    entries BIGINT  NOT NULL,
    PRIMARY KEY (days, first, user_id)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE activity_user_days;
DROP TABLE activity_daily;
DROP TABLE activity_vocabulary;
DROP TABLE activity_words;
DROP TABLE activity_spans;
DROP TABLE activity_kinds;
DROP TABLE activity;
