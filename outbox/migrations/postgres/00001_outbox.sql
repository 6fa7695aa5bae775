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
    created_at    BIGINT  NOT NULL,
    appended_at   BIGINT  NOT NULL,
    pos           BIGINT
);
CREATE UNIQUE INDEX outbox_pos ON outbox (pos) WHERE pos IS NOT NULL;
CREATE INDEX outbox_unpositioned ON outbox (id) WHERE pos IS NULL;

CREATE TABLE relay_state (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    last_pos      BIGINT  NOT NULL,
    published_pos BIGINT  NOT NULL
);
INSERT INTO relay_state (id, last_pos, published_pos) VALUES (1, 0, 0);

CREATE TABLE relay_parked (
    handler    TEXT    NOT NULL,
    event_id   TEXT    NOT NULL,
    pos        BIGINT  NOT NULL,
    attempts   INTEGER NOT NULL,
    next_at    BIGINT  NOT NULL,
    error      TEXT    NOT NULL,
    parked_at  BIGINT  NOT NULL,
    handled_at BIGINT,
    PRIMARY KEY (handler, pos)
);
CREATE INDEX relay_parked_due ON relay_parked (handler, next_at) WHERE handled_at IS NULL;

-- +goose Down
DROP TABLE relay_parked;
DROP TABLE relay_state;
DROP TABLE outbox;
