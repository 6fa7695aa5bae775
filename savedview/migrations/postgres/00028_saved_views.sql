-- +goose Up
CREATE TABLE callboard_saved_views (
    id         TEXT    PRIMARY KEY,
    owner_id   TEXT    NOT NULL, -- '' for those of the team
    name       TEXT    NOT NULL,
    address    TEXT    NOT NULL,
    place      INTEGER NOT NULL, -- orders those of an owner; the ID decides between equals
    created_by TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    updated_at BIGINT  NOT NULL
);
CREATE INDEX callboard_saved_views_owner ON callboard_saved_views (owner_id, place, id);

-- +goose Down
DROP TABLE callboard_saved_views; -- kept
