-- +goose Up
-- The counts tell the entries of applications from Callboard's own. They are made anew from the log.
DROP TABLE activity_daily;
CREATE TABLE activity_daily (
    day       INTEGER NOT NULL,
    action    TEXT    NOT NULL,
    source    TEXT    NOT NULL,
    entries   BIGINT  NOT NULL,
    first_pos BIGINT  NOT NULL,
    last_pos  BIGINT  NOT NULL,
    PRIMARY KEY (day, action, source)
) WITHOUT ROWID;
INSERT INTO activity_daily (day, action, source, entries, first_pos, last_pos)
SELECT created_at / 86400000000, action, source, count(*), min(pos), max(pos) FROM activity GROUP BY 1, 2, 3;

DROP TABLE activity_user_days;
CREATE TABLE activity_user_days (
    days    INTEGER NOT NULL,
    first   INTEGER NOT NULL,
    user_id TEXT    NOT NULL,
    source  TEXT    NOT NULL,
    entries BIGINT  NOT NULL,
    PRIMARY KEY (days, first, user_id, source)
) WITHOUT ROWID;
INSERT INTO activity_user_days (days, first, user_id, source, entries)
SELECT 1, created_at / 86400000000, user_id, source, count(*) FROM activity GROUP BY 1, 2, 3, 4;
INSERT INTO activity_user_days (days, first, user_id, source, entries)
SELECT 32, first - first % 32, user_id, source, sum(entries) FROM activity_user_days GROUP BY 1, 2, 3, 4;

-- +goose Down
DROP TABLE activity_user_days;
CREATE TABLE activity_user_days (
    days    INTEGER NOT NULL,
    first   INTEGER NOT NULL,
    user_id TEXT    NOT NULL,
    entries BIGINT  NOT NULL,
    PRIMARY KEY (days, first, user_id)
) WITHOUT ROWID;
INSERT INTO activity_user_days (days, first, user_id, entries)
SELECT 1, created_at / 86400000000, user_id, count(*) FROM activity GROUP BY 1, 2, 3;
INSERT INTO activity_user_days (days, first, user_id, entries)
SELECT 32, first - first % 32, user_id, sum(entries) FROM activity_user_days GROUP BY 1, 2, 3;

DROP TABLE activity_daily;
CREATE TABLE activity_daily (
    day       INTEGER NOT NULL,
    action    TEXT    NOT NULL,
    entries   BIGINT  NOT NULL,
    first_pos BIGINT  NOT NULL,
    last_pos  BIGINT  NOT NULL,
    PRIMARY KEY (day, action)
) WITHOUT ROWID;
INSERT INTO activity_daily (day, action, entries, first_pos, last_pos)
SELECT created_at / 86400000000, action, count(*), min(pos), max(pos) FROM activity GROUP BY 1, 2;
