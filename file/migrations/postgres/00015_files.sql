-- +goose Up
CREATE TABLE callboard_files (
    id           TEXT   PRIMARY KEY,
    episode_id   TEXT,
    job_id       TEXT,
    variant_of   TEXT,
    variant      TEXT,
    name         TEXT   NOT NULL,
    size         BIGINT NOT NULL,
    content_type TEXT   NOT NULL,
    sha256       TEXT   NOT NULL,
    storage_key  TEXT   NOT NULL UNIQUE,
    created_by   TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    min_role     TEXT   NOT NULL -- that the owner must have to read the file; empty for any
);
-- An ID begins with the time of creation, so it orders by that.
CREATE INDEX callboard_files_episode ON callboard_files (episode_id, id) WHERE episode_id IS NOT NULL AND variant_of IS NULL;
CREATE INDEX callboard_files_owner ON callboard_files (created_by, id) WHERE episode_id IS NULL AND variant_of IS NULL;
CREATE INDEX callboard_files_private ON callboard_files (id) WHERE episode_id IS NULL AND variant_of IS NULL;
CREATE UNIQUE INDEX callboard_files_variant ON callboard_files (variant_of, variant) WHERE variant_of IS NOT NULL;
CREATE INDEX callboard_files_job ON callboard_files (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX callboard_files_expiry ON callboard_files (expires_at) WHERE expires_at IS NOT NULL;

-- What is in storage, or may be, and has no row in files.
CREATE TABLE callboard_file_garbage (
    storage_key TEXT   PRIMARY KEY,
    due_at      BIGINT NOT NULL
);
CREATE INDEX callboard_file_garbage_due ON callboard_file_garbage (due_at, storage_key);

-- +goose Down
DROP TABLE callboard_file_garbage;
DROP TABLE callboard_files;
