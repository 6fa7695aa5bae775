-- +goose Up
CREATE TABLE callboard_notifications (
    id            TEXT PRIMARY KEY,
    user_id       TEXT NOT NULL,
    type          TEXT NOT NULL,
    message       TEXT NOT NULL,
    data          TEXT NOT NULL,
    priority      TEXT NOT NULL,
    actor_id      TEXT NOT NULL,
    actor_name    TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    resource_id   TEXT NOT NULL,
    event_id      TEXT NOT NULL,
    pos           BIGINT NOT NULL,
    count         BIGINT NOT NULL,
    read_at       BIGINT,
    archived_at   BIGINT,
    expires_at    BIGINT,
    created_at    BIGINT NOT NULL
);

-- One event, one entry per user. The entries of an event are found by it too.
CREATE UNIQUE INDEX callboard_notifications_event ON callboard_notifications (event_id, user_id);
-- The inbox, newest first, and the archive.
CREATE INDEX callboard_notifications_inbox ON callboard_notifications (user_id, pos) WHERE archived_at IS NULL;
CREATE INDEX callboard_notifications_archive ON callboard_notifications (user_id, pos) WHERE archived_at IS NOT NULL;
-- The unread count, and the entry that a repeat about the same resource joins. The last columns are there so that the
-- index alone answers the count.
CREATE INDEX callboard_notifications_unread ON callboard_notifications (user_id, type, resource_id, expires_at, read_at) WHERE read_at IS NULL;
-- The sweeps. Old unread entries are found by id, which begins with the time.
CREATE INDEX callboard_notifications_read ON callboard_notifications (read_at) WHERE read_at IS NOT NULL;
CREATE INDEX callboard_notifications_expiry ON callboard_notifications (expires_at) WHERE expires_at IS NOT NULL;

-- IDs of users are in the order of their bytes, as they are in Go: large audiences are read in that order from several places.
CREATE TABLE callboard_watches (
    user_id       TEXT COLLATE "C" NOT NULL,
    resource_type TEXT NOT NULL,
    resource_id   TEXT NOT NULL,
    PRIMARY KEY (resource_type, resource_id, user_id)
);

CREATE TABLE callboard_notification_preferences (
    user_id    TEXT PRIMARY KEY,
    settings   TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- The rate limit: how many limited entries a user got in the hour that began at started_at, and in the hour before it.
-- One row per user, at most.
CREATE TABLE callboard_notification_rates (
    user_id    TEXT PRIMARY KEY,
    started_at BIGINT NOT NULL,
    used       BIGINT NOT NULL,
    earlier    BIGINT NOT NULL
);

-- +goose Down
DROP TABLE callboard_notification_rates;
DROP TABLE callboard_notification_preferences;
DROP TABLE callboard_watches;
DROP TABLE callboard_notifications;
