-- +goose Up
-- One writer at a time appends, so ids are given in the order of the commits and, being AUTOINCREMENT, without gaps and never
-- twice: they are the positions.
CREATE TABLE callboard_outbox (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id      TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    actor_id      TEXT    NOT NULL,
    actor_name    TEXT    NOT NULL,
    resource_type TEXT    NOT NULL,
    resource_id   TEXT    NOT NULL,
    resource_name TEXT    NOT NULL,
    channels      TEXT    NOT NULL,
    audience      TEXT    NOT NULL,
    payload       TEXT    NOT NULL,
    ip            TEXT    NOT NULL,
    user_agent    TEXT    NOT NULL,
    direct        BOOLEAN NOT NULL,
    created_at    BIGINT  NOT NULL,
    appended_at   BIGINT  NOT NULL,
    pos           BIGINT  GENERATED ALWAYS AS (id) VIRTUAL -- for people; queries go by id
);

-- How far each consumer has come: all events up to pos, and of the next one what lies before sub.
CREATE TABLE callboard_consumers (
    name     TEXT    PRIMARY KEY,
    pos      BIGINT  NOT NULL,
    sub      TEXT    NOT NULL DEFAULT '',
    failures INTEGER NOT NULL DEFAULT 0, -- in a row, at this cursor
    error    TEXT    NOT NULL DEFAULT ''
);
-- Events that a consumer failed to take, while it took others.
CREATE TABLE callboard_dead_letters (
    consumer   TEXT    NOT NULL,
    event_id   TEXT    NOT NULL,
    pos        BIGINT  NOT NULL,
    sub        TEXT    NOT NULL DEFAULT '',
    attempts   INTEGER NOT NULL,
    next_at    BIGINT  NOT NULL,
    error      TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (consumer, pos)
);
CREATE INDEX callboard_dead_letters_due ON callboard_dead_letters (consumer, next_at);

-- +goose Down
DROP TABLE callboard_dead_letters;
DROP TABLE callboard_consumers;
DROP TABLE callboard_outbox;
