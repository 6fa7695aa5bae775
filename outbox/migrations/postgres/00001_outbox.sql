-- +goose Up
CREATE TABLE outbox (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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
    pos           BIGINT
);
CREATE UNIQUE INDEX outbox_pos ON outbox (pos) WHERE pos IS NOT NULL;
CREATE INDEX outbox_unpositioned ON outbox (id) WHERE pos IS NULL;

-- How far each consumer has come: all events up to pos, and of the next one what lies before sub.
CREATE TABLE consumers (
    name     TEXT    PRIMARY KEY,
    pos      BIGINT  NOT NULL,
    sub      TEXT    NOT NULL DEFAULT '',
    failures INTEGER NOT NULL DEFAULT 0, -- in a row, at this cursor
    error    TEXT    NOT NULL DEFAULT ''
);
-- How far positions are given.
INSERT INTO consumers (name, pos) VALUES ('sequencer', 0);

-- Events that a consumer failed to take, while it took others.
CREATE TABLE dead_letters (
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
CREATE INDEX dead_letters_due ON dead_letters (consumer, next_at);

-- +goose Down
DROP TABLE dead_letters;
DROP TABLE consumers;
DROP TABLE outbox;
