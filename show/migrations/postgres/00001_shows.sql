-- +goose Up
CREATE TABLE shows (
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
CREATE INDEX shows_title ON shows (title_folded, id) WHERE deleted_at IS NULL;

-- +goose Down
DROP TABLE shows;
