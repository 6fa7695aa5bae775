// The tables and the four users. The indexes are those that the reads of such a board need: the log by resource, by user
// and by time, the inbox of a user, the newest episodes.
const tables = `
CREATE TABLE users (id UUID PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL);
CREATE TABLE episodes (
  id             UUID        PRIMARY KEY,
  title          TEXT        NOT NULL,
  description    TEXT,
  season_number  INTEGER,
  episode_number INTEGER,
  status         TEXT        NOT NULL,
  version        INTEGER     NOT NULL,
  created_by     UUID        NOT NULL,
  created_at     TIMESTAMPTZ NOT NULL,
  updated_at     TIMESTAMPTZ NOT NULL
);
CREATE INDEX episodes_created ON episodes (created_at);
CREATE TABLE activity (
  id            UUID        PRIMARY KEY,
  user_id       UUID        NOT NULL,
  user_name     TEXT        NOT NULL,
  action        TEXT        NOT NULL,
  resource_type TEXT        NOT NULL,
  resource_id   UUID        NOT NULL,
  resource_name TEXT        NOT NULL,
  metadata      JSONB       NOT NULL,
  created_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX activity_resource ON activity (resource_type, resource_id, created_at);
CREATE INDEX activity_user ON activity (user_id, created_at);
CREATE INDEX activity_created ON activity (created_at);
CREATE TABLE notifications (
  id          UUID        PRIMARY KEY,
  user_id     UUID        NOT NULL,
  type        TEXT        NOT NULL,
  message     TEXT        NOT NULL,
  data        JSONB       NOT NULL,
  read_at     TIMESTAMPTZ,
  created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX notifications_inbox ON notifications (user_id, created_at);
-- With fixed IDs, so that tokens for them can be signed without asking.
INSERT INTO users VALUES
  ('00000000-0000-7000-8000-000000000001', 'ada', 'admin'), ('00000000-0000-7000-8000-000000000002', 'edgar', 'editor'),
  ('00000000-0000-7000-8000-000000000003', 'edith', 'editor'), ('00000000-0000-7000-8000-000000000004', 'vic', 'viewer');
`;

/** Makes all of that in an empty database. */
export const createSchema = (pool) => pool.query(tables);
