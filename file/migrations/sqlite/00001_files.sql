-- +goose Up
CREATE TABLE files (
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
    expires_at   BIGINT
);
-- An ID begins with the time of creation, so it orders by that.
CREATE INDEX files_episode ON files (episode_id, id) WHERE episode_id IS NOT NULL AND variant_of IS NULL;
CREATE INDEX files_owner ON files (created_by, id) WHERE episode_id IS NULL AND variant_of IS NULL;
CREATE INDEX files_private ON files (id) WHERE episode_id IS NULL AND variant_of IS NULL;
CREATE UNIQUE INDEX files_variant ON files (variant_of, variant) WHERE variant_of IS NOT NULL;
CREATE INDEX files_job ON files (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX files_expiry ON files (expires_at) WHERE expires_at IS NOT NULL;

-- What is in storage, or may be, and has no row in files.
CREATE TABLE file_garbage (
    storage_key TEXT   PRIMARY KEY,
    due_at      BIGINT NOT NULL
);
CREATE INDEX file_garbage_due ON file_garbage (due_at, storage_key);

-- +goose Down
DROP TABLE file_garbage;
DROP TABLE files;
