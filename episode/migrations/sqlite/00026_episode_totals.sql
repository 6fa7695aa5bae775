-- +goose Up
-- Totals are counted in this index alone; SQLite looks at the column of its condition, too.
CREATE INDEX callboard_episodes_totals ON callboard_episodes (show_id, status, air_date, title_folded, deleted_at) WHERE deleted_at IS NULL;
-- The calendar reads a range of days, and what has none.
CREATE INDEX callboard_episodes_air_date ON callboard_episodes (coalesce(air_date, ''), id) WHERE deleted_at IS NULL;

-- +goose Down
DROP INDEX callboard_episodes_air_date;
DROP INDEX callboard_episodes_totals;
