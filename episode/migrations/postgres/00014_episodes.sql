-- +goose Up
CREATE TABLE callboard_episodes (
    id             TEXT    PRIMARY KEY,
    show_id        TEXT,
    season_number  INTEGER,
    episode_number INTEGER,
    title          TEXT    NOT NULL,
    title_folded   TEXT    NOT NULL,
    description    TEXT,
    air_date       TEXT,
    status         TEXT    NOT NULL,
    categories     TEXT    NOT NULL,
    thumbnail_url  TEXT,
    version        BIGINT  NOT NULL,
    created_by     TEXT    NOT NULL,
    created_at     BIGINT  NOT NULL,
    updated_at     BIGINT  NOT NULL,
    deleted_at     BIGINT
);
-- A show without seasons has one number per episode too, so a missing season counts as one of its own.
CREATE UNIQUE INDEX callboard_episodes_number ON callboard_episodes (show_id, coalesce(season_number, -1), episode_number)
    WHERE deleted_at IS NULL AND show_id IS NOT NULL AND episode_number IS NOT NULL;
-- An ID begins with the time of creation, so it orders by that.
CREATE INDEX callboard_episodes_show ON callboard_episodes (show_id, id) WHERE show_id IS NOT NULL;
CREATE INDEX callboard_episodes_status ON callboard_episodes (status, id);

-- +goose Down
DROP TABLE callboard_episodes;
