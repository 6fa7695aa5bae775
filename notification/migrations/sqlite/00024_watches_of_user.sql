-- +goose Up
-- What a user watches. The primary key finds who watches a resource.
CREATE INDEX callboard_watches_user ON callboard_watches (user_id, resource_type, resource_id);

-- +goose Down
DROP INDEX callboard_watches_user;
