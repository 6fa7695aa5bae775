-- +goose Up
CREATE TABLE canary (id INTEGER PRIMARY KEY, written_at BIGINT NOT NULL);
INSERT INTO canary (id, written_at) VALUES (1, 0);

-- +goose Down
DROP TABLE canary;
