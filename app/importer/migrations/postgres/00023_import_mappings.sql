-- +goose Up
-- Which columns fill which fields in the files of a show, as somebody has saved it.
CREATE TABLE callboard_import_mappings (
    show_id    TEXT   NOT NULL PRIMARY KEY,
    mapping    TEXT   NOT NULL,
    updated_by TEXT   NOT NULL,
    updated_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE callboard_import_mappings; -- kept
