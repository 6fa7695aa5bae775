package riverqueue

import (
	"context"

	"github.com/riverqueue/river/riverdriver"

	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

// turnExecutor is an executor of River's that takes the rows first whose turn it is. River itself takes them by priority and time, so
// that who queues many holds up whoever comes later.
type turnExecutor struct {
	riverdriver.Executor
	queue *Queue
}

// JobGetAvailable implements riverdriver.Executor.
func (e turnExecutor) JobGetAvailable(ctx context.Context, params *riverdriver.JobGetAvailableParams) (*riverdriver.JobGetAvailableResult, error) {
	ids, err := e.queue.cfg.Turn(ctx, params.Queue, params.MaxToLock)
	if err == nil && len(ids) > 0 {
		err = e.queue.moveToFront(ctx, params.Queue, ids)
	}
	if err != nil {
		return nil, err
	}
	return e.Executor.JobGetAvailable(ctx, params)
}

// moveToFront has River take the rows before all others of their queue. Rows that somebody else has in hand are left to them. A crash
// in between leaves rows that go first, and nothing else.
func (q *Queue) moveToFront(ctx context.Context, queue string, ids []int64) error {
	before := `min(scheduled_at) - interval '1 millisecond'`
	if q.cfg.DB.Dialect() == sqldb.SQLite {
		before = `strftime('%Y-%m-%d %H:%M:%f', min(scheduled_at), '-0.001 seconds')` // as River writes times
	}
	args := []any{queue}
	for _, id := range ids {
		args = append(args, id)
	}
	return q.cfg.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE callboard_river_job SET priority = 1, scheduled_at = coalesce(
				(SELECT `+before+` FROM callboard_river_job WHERE state = 'available' AND queue = $1 AND priority = 1), scheduled_at)
			WHERE id IN (SELECT id FROM callboard_river_job WHERE state = 'available' AND id IN (`+sqltext.Placeholders(2, len(ids))+`)
				ORDER BY id`+sqldb.ForUpdateSkipLocked(tx)+`)`, args...)
		return err
	})
}
