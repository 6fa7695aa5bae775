-- +goose Up
-- The Merkle tree over the log: a row per leaf, in the order in which they were added. See tree.go.
CREATE TABLE callboard_activity_tree (
    leaf   INTEGER PRIMARY KEY, -- from 0, without gaps
    pos    BIGINT  NOT NULL,    -- of the entry that it stands for; the row stays when the entry is deleted
    salt   BLOB    NOT NULL,    -- of the private fields of the entry; empty once that is deleted
    hashes BLOB    NOT NULL     -- of the leaf, and of the subtrees that it completes, the smallest first; 32 bytes each
);
CREATE UNIQUE INDEX callboard_activity_tree_pos ON callboard_activity_tree (pos);

-- How far the retention has deleted entries: of those up to the position upto all that were older than cutoff. One row, or none.
CREATE TABLE callboard_activity_pruned (
    upto   BIGINT NOT NULL,
    cutoff BIGINT NOT NULL
);

-- +goose Down
DROP TABLE callboard_activity_pruned; -- kept
DROP TABLE callboard_activity_tree; -- kept
