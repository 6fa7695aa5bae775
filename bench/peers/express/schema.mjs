// The tables and the four users. The indexes are those that the reads of such a board need: the log by resource, by user
// and by time, the inbox of a user, the newest episodes.

const tables = `
CREATE TABLE IF NOT EXISTS users (
  id    UUID PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name  TEXT NOT NULL,
  role  TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS episodes (
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
CREATE INDEX IF NOT EXISTS episodes_created ON episodes (created_at);
CREATE TABLE IF NOT EXISTS activity (
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
CREATE INDEX IF NOT EXISTS activity_resource ON activity (resource_type, resource_id, created_at);
CREATE INDEX IF NOT EXISTS activity_user ON activity (user_id, created_at);
CREATE INDEX IF NOT EXISTS activity_created ON activity (created_at);
CREATE TABLE IF NOT EXISTS notifications (
  id          UUID        PRIMARY KEY,
  user_id     UUID        NOT NULL,
  type        TEXT        NOT NULL,
  message     TEXT        NOT NULL,
  data        JSONB       NOT NULL,
  read_at     TIMESTAMPTZ,
  created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX IF NOT EXISTS notifications_inbox ON notifications (user_id, created_at);
`;

/** The users, with fixed IDs, so that tokens for them can be signed without asking. */
export const users = [
  { id: '00000000-0000-7000-8000-000000000001', name: 'ada', role: 'admin' },
  { id: '00000000-0000-7000-8000-000000000002', name: 'edgar', role: 'editor' },
  { id: '00000000-0000-7000-8000-000000000003', name: 'edith', role: 'editor' },
  { id: '00000000-0000-7000-8000-000000000004', name: 'vic', role: 'viewer' },
];

/** Makes what is missing. */
export async function createSchema(pool) {
  await pool.query(tables);
  for (const { id, name, role } of users) {
    await pool.query('INSERT INTO users (id, email, name, role) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING', [
      id, `${name}@example.org`, name, role,
    ]);
  }
}
