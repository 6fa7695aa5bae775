-- +goose Up
-- Who was announced as a viewer by what node, and not yet as gone.
CREATE TABLE callboard_presence_node_viewers (
    node          TEXT   NOT NULL, -- its ID, which is new at each start
    resource_type TEXT   NOT NULL,
    resource_id   TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    user_name     TEXT   NOT NULL,
    since         BIGINT NOT NULL,
    PRIMARY KEY (node, resource_type, resource_id, user_id)
);
INSERT INTO callboard_presence_node_viewers
    SELECT 'before nodes', resource_type, resource_id, user_id, user_name, since FROM callboard_presence_viewers;
-- The table that it replaces stays for one release: version 0.1.0 goes on writing it beside this one.

-- +goose Down
INSERT INTO callboard_presence_viewers
    SELECT resource_type, resource_id, user_id, MAX(user_name), MIN(since) FROM callboard_presence_node_viewers WHERE TRUE
    GROUP BY resource_type, resource_id, user_id
    ON CONFLICT (resource_type, resource_id, user_id) DO NOTHING;
DROP TABLE callboard_presence_node_viewers; -- not kept: the older version has them in its own table
