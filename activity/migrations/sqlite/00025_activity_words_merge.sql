-- +goose Up
-- Its segments are merged a little at a time by whoever inserts (store.go), not in spurts for which all who write wait.
INSERT INTO callboard_activity_words (callboard_activity_words, rank) VALUES ('automerge', 0);

-- +goose Down
INSERT INTO callboard_activity_words (callboard_activity_words, rank) VALUES ('automerge', 4);
