-- +goose Up
-- The order of a list by season and number over all shows.
CREATE INDEX callboard_episodes_numbers ON callboard_episodes (coalesce(season_number, -1), coalesce(episode_number, -1), id)
    WHERE deleted_at IS NULL;

-- +goose Down
DROP INDEX callboard_episodes_numbers;
