-- +goose Up
CREATE TABLE callboard_shows (
    id            TEXT   PRIMARY KEY,
    title         TEXT   NOT NULL,
    title_folded  TEXT   NOT NULL,
    description   TEXT,
    thumbnail_url TEXT,
    version       BIGINT NOT NULL,
    created_by    TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    deleted_at    BIGINT
);
CREATE INDEX callboard_shows_title ON callboard_shows (title_folded, id) WHERE deleted_at IS NULL;

-- +goose Down
DROP TABLE callboard_shows;
