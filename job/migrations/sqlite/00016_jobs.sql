-- +goose Up
CREATE TABLE callboard_jobs (
    id            TEXT    PRIMARY KEY,
    kind          TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    priority      INTEGER NOT NULL,
    args          TEXT    NOT NULL,
    episode_id    TEXT,
    owner_id      TEXT    NOT NULL,
    owner_name    TEXT    NOT NULL,
    owner_role    TEXT    NOT NULL,
    unique_key    TEXT,
    attempt       INTEGER NOT NULL,
    max_attempts  INTEGER NOT NULL,
    -- The attempt that holds the job; empty when none does. Whatever an attempt commits, it commits only while this is its own.
    run_id        TEXT    NOT NULL,
    -- The row of the queue that stands for the job now. A job that is started anew gets another one.
    queue_id      BIGINT  NOT NULL,
    progress      REAL NOT NULL,
    message       TEXT    NOT NULL,
    estimated_end BIGINT,
    checkpoint    TEXT,
    result        TEXT,
    error         TEXT    NOT NULL,
    problems      BIGINT  NOT NULL,
    created_at    BIGINT  NOT NULL,
    queued_at     BIGINT  NOT NULL,
    started_at    BIGINT,
    next_run_at   BIGINT,
    finished_at   BIGINT
);
CREATE INDEX callboard_jobs_status ON callboard_jobs (status, id);
CREATE INDEX callboard_jobs_kind ON callboard_jobs (kind, id);
CREATE INDEX callboard_jobs_owner ON callboard_jobs (owner_id, id);
CREATE INDEX callboard_jobs_episode ON callboard_jobs (episode_id, id) WHERE episode_id IS NOT NULL;
CREATE INDEX callboard_jobs_finished ON callboard_jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE UNIQUE INDEX callboard_jobs_unique ON callboard_jobs (unique_key) WHERE unique_key IS NOT NULL AND status IN ('pending', 'processing');

CREATE TABLE callboard_job_logs (
    job_id  TEXT    NOT NULL,
    seq     BIGINT  NOT NULL,
    attempt INTEGER NOT NULL,
    at      BIGINT  NOT NULL,
    level   TEXT    NOT NULL,
    line    TEXT    NOT NULL,
    PRIMARY KEY (job_id, seq)
) WITHOUT ROWID;

-- What a job could not take, such as the bad rows of an import.
CREATE TABLE callboard_job_problems (
    job_id TEXT   NOT NULL,
    seq    BIGINT NOT NULL,
    item   TEXT   NOT NULL,
    reason TEXT   NOT NULL,
    PRIMARY KEY (job_id, seq)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE callboard_job_problems;
DROP TABLE callboard_job_logs;
DROP TABLE callboard_jobs;
