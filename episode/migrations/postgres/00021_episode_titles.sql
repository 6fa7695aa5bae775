-- +goose Up
-- Imports find an episode by its title, and among many of one title by the date too. Outside of shows the show is ''.
CREATE INDEX callboard_episodes_title ON callboard_episodes (coalesce(show_id, ''), title_folded, coalesce(air_date, ''))
    WHERE deleted_at IS NULL;
CREATE INDEX callboard_episodes_outside ON callboard_episodes (coalesce(season_number, -1), episode_number)
    WHERE show_id IS NULL AND deleted_at IS NULL AND episode_number IS NOT NULL;

-- +goose Down
DROP INDEX callboard_episodes_outside;
DROP INDEX callboard_episodes_title;
