package episode

import (
	"context"
	"time"

	"callboard"
	"callboard/sqldb"
)

// Hold returns CodeNotFound unless the episode lives, and keeps it from being deleted until tx ends.
func (s *Service) Hold(ctx context.Context, tx *sqldb.Tx, id string) error {
	e, err := selectEpisode(ctx, tx, id, sqldb.ForShare(tx))
	if err == nil && e.DeletedAt != nil {
		err = callboard.NotFound("episode")
	}
	return err
}

// DeletedAmong returns those of the episodes that were deleted before t and not restored since. Within a transaction it also
// keeps them from being restored until that ends.
func (s *Service) DeletedAmong(ctx context.Context, q sqldb.Querier, ids []string, t time.Time) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := []any{sqldb.Time{Time: t}}
	for _, id := range ids {
		args = append(args, id)
	}
	lock := ""
	if _, within := q.(*sqldb.Tx); within {
		lock = sqldb.ForUpdate(q)
	}
	rows, err := q.QueryContext(ctx, `SELECT id FROM episodes
		WHERE deleted_at < $1 AND id IN (`+sqldb.Placeholders(2, len(ids))+`) ORDER BY id`+lock, args...)
	return sqldb.CollectValues[string](rows, err, "read deleted episodes")
}
