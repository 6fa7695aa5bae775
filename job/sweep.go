package job

import (
	"context"
	"fmt"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/sqldb"
)

// sweepBatch is how many jobs are deleted in one transaction.
const sweepBatch = 100

// Sweep deletes jobs that ended longer than Retention ago, with their log lines, reports and files. It returns how many.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := sqldb.WriteValue(ctx, s.db, s.sweepSome)
		total += n
		if err != nil || n < sweepBatch {
			return total, err
		}
	}
}

func (s *Service) sweepSome(ctx context.Context, tx *sqldb.Tx) (int, error) {
	// One that somebody has locked may be about to be retried.
	rows, err := tx.QueryContext(ctx, `SELECT id FROM callboard_jobs WHERE finished_at < $1 AND status NOT IN ('pending', 'processing')
		ORDER BY finished_at LIMIT $2`+sqldb.ForUpdateSkipLocked(tx), sqldb.Time{Time: callboard.Now().Add(-s.cfg.Retention)}, sweepBatch)
	ids, err := sqldb.CollectValues[string](rows, err, "find old jobs")
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	if s.cfg.Files != nil {
		if err := s.cfg.Files.DeleteOfJobsTx(asSystem(ctx), tx, ids...); err != nil {
			return 0, err
		}
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	in := ` IN (` + sqltext.Placeholders(1, len(ids)) + `)`
	for _, from := range []string{"callboard_job_logs WHERE job_id", "callboard_job_problems WHERE job_id", "callboard_jobs WHERE id"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+from+in, args...); err != nil {
			return 0, fmt.Errorf("delete old jobs: %w", err)
		}
	}
	return len(ids), nil
}
