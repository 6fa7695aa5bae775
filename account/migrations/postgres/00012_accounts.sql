-- +goose Up
-- IDs of users are in the order of their bytes, as they are in Go: large audiences are read in that order from several places.
CREATE TABLE callboard_users (
    id            TEXT COLLATE "C" PRIMARY KEY,
    email         TEXT   NOT NULL UNIQUE, -- in lower case
    name          TEXT   NOT NULL,
    role          TEXT   NOT NULL,
    password_hash TEXT,                   -- NULL: cannot sign in with a password
    time_zone     TEXT   NOT NULL,
    disabled_at   BIGINT,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);

-- Whom an audience of a role notifies: few may have it among many users.
CREATE INDEX callboard_users_role ON callboard_users (role, id) WHERE disabled_at IS NULL;

CREATE TABLE callboard_api_tokens (
    id           TEXT    PRIMARY KEY,
    user_id      TEXT COLLATE "C" NOT NULL REFERENCES callboard_users (id),
    name         TEXT    NOT NULL,
    token_hash   TEXT    NOT NULL UNIQUE, -- SHA-256 of the token; the token itself is nowhere
    service      BOOLEAN NOT NULL,
    expires_at   BIGINT,
    last_used_at BIGINT,
    created_at   BIGINT  NOT NULL,
    created_by   TEXT COLLATE "C",        -- NULL where that is not known
    parent_id    TEXT,                    -- the token that it was made with, if it was one
    revoked_at   BIGINT
);
CREATE INDEX callboard_api_tokens_user_id ON callboard_api_tokens (user_id, id);
CREATE INDEX callboard_api_tokens_created_by ON callboard_api_tokens (created_by) WHERE revoked_at IS NULL;
CREATE INDEX callboard_api_tokens_parent_id ON callboard_api_tokens (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE callboard_sessions (
    id         TEXT   PRIMARY KEY,
    user_id    TEXT COLLATE "C" NOT NULL REFERENCES callboard_users (id),
    token_hash TEXT   NOT NULL UNIQUE,
    ip         TEXT   NOT NULL,
    user_agent TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    renewed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX callboard_sessions_user_id ON callboard_sessions (user_id);
CREATE INDEX callboard_sessions_expires_at ON callboard_sessions (expires_at);

CREATE TABLE callboard_setup_links (
    token_hash TEXT   PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

-- Users of applications, who have no account: what their last token said of them. roles and member_of are JSON arrays of texts.
CREATE TABLE callboard_external_users (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    role       TEXT   NOT NULL,
    roles      TEXT   NOT NULL,
    member_of  TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL -- to the day
);

-- +goose Down
DROP TABLE callboard_external_users;
DROP TABLE callboard_setup_links;
DROP TABLE callboard_sessions;
DROP TABLE callboard_api_tokens;
DROP TABLE callboard_users;
