-- +goose Up
CREATE TABLE callboard_canary (id INTEGER PRIMARY KEY, written_at BIGINT NOT NULL);
INSERT INTO callboard_canary (id, written_at) VALUES (1, 0);

-- +goose Down
DROP TABLE callboard_canary;
