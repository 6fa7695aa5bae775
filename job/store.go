package job

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/job/internal/riverqueue"
	"github.com/callboard/callboard/sqldb"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the tables of jobs. QueueMigrations go before them.
func Migrations() sqldb.Migrations { return sqldb.EmbeddedMigrations("job", migrations) }

// QueueMigrations returns the tables of the queue beneath, which are River's.
func QueueMigrations() sqldb.Migrations { return riverqueue.Migrations() }

func insertJob(ctx context.Context, tx *sqldb.Tx, j Job) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO callboard_jobs (id, kind, status, priority, args, episode_id, owner_id, owner_name, owner_role,
			unique_key, max_attempts, queue_id, created_at, queued_at, attempt, run_id, progress, message, error, problems)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, '', 0, '', '', 0)`,
		j.ID, j.Kind, j.Status, j.Priority, string(j.Args), j.EpisodeID, j.OwnerID, j.OwnerName, j.ownerRole,
		j.uniqueKey, j.MaxAttempts, j.queueID, sqldb.Time{Time: j.CreatedAt}, sqldb.Time{Time: j.QueuedAt})
	if err != nil {
		return conflictOf(fmt.Errorf("insert job: %w", err))
	}
	return nil
}

// updateJob writes all that changes in the course of a job. The checkpoint of the work itself is not among it. Its error may
// come later; see sqldb.Tx.Queue.
func updateJob(ctx context.Context, tx *sqldb.Tx, j Job) error {
	err := tx.Queue(ctx, `UPDATE callboard_jobs SET status = $2, attempt = $3, run_id = $4, queue_id = $5, progress = $6, message = $7,
			estimated_end = $8, result = nullif($9, ''), error = coalesce($10, ''), queued_at = $11, started_at = $12, next_run_at = $13, finished_at = $14
		WHERE id = $1`,
		j.ID, j.Status, j.Attempt, j.runID, j.queueID, j.Progress, j.Message, sqldb.OptionalTime(j.EstimatedEnd), string(j.Result),
		j.Error, sqldb.Time{Time: j.QueuedAt}, sqldb.OptionalTime(j.StartedAt), sqldb.OptionalTime(j.NextRunAt), sqldb.OptionalTime(j.FinishedAt))
	if err != nil {
		return fmt.Errorf("update job: %w", err)
	}
	return nil
}

const msgDuplicate = "a job that does the same is pending or processing already"

// conflictOf makes a CodeConflict of the error that another job which does the same was queued at the same time.
func conflictOf(err error) error {
	if sqldb.IsUniqueViolation(err) {
		return callboard.Wrap(err, callboard.CodeConflict, msgDuplicate)
	}
	return err
}

const selectText = `SELECT id, kind, status, priority, args, episode_id, owner_id, owner_name, owner_role, unique_key, attempt,
	max_attempts, run_id, queue_id, progress, message, estimated_end, result, nullif(error, ''), problems, created_at, queued_at,
	started_at, next_run_at, finished_at, checkpoint IS NOT NULL FROM callboard_jobs`

func scanJob(row sqldb.Scanner) (Job, error) {
	var (
		j                                            Job
		end, created, queued, started, due, finished sqldb.Time
	)
	err := row.Scan(&j.ID, &j.Kind, &j.Status, &j.Priority, (*[]byte)(&j.Args), &j.EpisodeID, &j.OwnerID, &j.OwnerName, &j.ownerRole,
		&j.uniqueKey, &j.Attempt, &j.MaxAttempts, &j.runID, &j.queueID, &j.Progress, &j.Message, &end, (*[]byte)(&j.Result), &j.Error,
		&j.Problems, &created, &queued, &started, &due, &finished, &j.saved)
	if err != nil {
		return j, err
	}
	j.CreatedAt, j.QueuedAt = created.Time, queued.Time
	j.EstimatedEnd, j.StartedAt, j.NextRunAt, j.FinishedAt = end.Ptr(), started.Ptr(), due.Ptr(), finished.Ptr()
	return j, nil
}

// selectJob returns a job; lock is the suffix that locks its row.
func selectJob(ctx context.Context, q sqldb.Querier, id, lock string) (Job, error) {
	j, err := scanJob(q.QueryRowContext(ctx, selectText+` WHERE id = $1`+lock, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Job{}, callboard.NotFound("job")
	}
	if err != nil {
		return Job{}, fmt.Errorf("read job: %w", err)
	}
	return j, nil
}

// selectJobsByID returns those of the jobs that there are, by ID; lock is the suffix that locks their rows.
func selectJobsByID(ctx context.Context, q sqldb.Querier, ids []string, lock string) (map[string]*Job, error) {
	in, arg := `= ANY ($1)`, any(ids)
	if q.Dialect() == sqldb.SQLite {
		b, err := json.Marshal(ids)
		if err != nil {
			return nil, err
		}
		in, arg = `IN (SELECT value FROM json_each($1))`, string(b)
	}
	rows, err := q.QueryContext(ctx, selectText+` WHERE id `+in+` ORDER BY id`+lock, arg)
	jobs, err := sqldb.Collect(rows, err, "read jobs", scanJob)
	byID := make(map[string]*Job, len(jobs))
	for i := range jobs {
		byID[jobs[i].ID] = &jobs[i]
	}
	return byID, err
}

// refuseDuplicate returns CodeConflict while another job does the same and is under way.
func refuseDuplicate(ctx context.Context, tx *sqldb.Tx, j Job) error {
	if j.uniqueKey == nil {
		return nil
	}
	var id string
	err := tx.QueryRowContext(ctx, `SELECT id FROM callboard_jobs WHERE unique_key = $1 AND status IN ('pending', 'processing')`, j.uniqueKey).Scan(&id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("look for a job that does the same: %w", err)
	}
	return callboard.Errorf(callboard.CodeConflict, msgDuplicate+": %s", id)
}

// countUnderWay returns how many jobs of the kind the owner has pending or processing, at most limit.
func countUnderWay(ctx context.Context, tx *sqldb.Tx, ownerID, kind string, limit int) (n int, err error) {
	err = tx.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM callboard_jobs
		WHERE status IN ('pending', 'processing') AND owner_id = $1 AND kind = $2 LIMIT $3) AS under_way`, ownerID, kind, limit).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count jobs under way: %w", err)
	}
	return n, nil
}

// lockHolder returns the attempt that has the job, "" for none. On PostgreSQL it has it until tx ends.
func lockHolder(ctx context.Context, tx *sqldb.Tx, id string) (runID string, err error) {
	err = tx.QueryRowContext(ctx, `SELECT run_id FROM callboard_jobs WHERE id = $1`+sqldb.ForUpdate(tx), id).Scan(&runID)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("look who holds the job: %w", err)
	}
	return runID, nil
}

// insertLines adds lines after those that the job has; who calls it has the job. They keep the numbers that they get, so that
// lines which are written again, since the answer to the first time was lost, are not there twice.
func insertLines(ctx context.Context, tx *sqldb.Tx, id string, lines []LogLine) error {
	if len(lines) == 0 {
		return nil
	}
	var last int64
	err := tx.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM callboard_job_logs WHERE job_id = $1`, id).Scan(&last)
	if err != nil {
		return fmt.Errorf("number log lines: %w", err)
	}
	rows := make([][]any, len(lines))
	for i := range lines {
		l := &lines[i]
		if l.Seq == 0 {
			l.Seq = last + 1
		}
		last = max(last, l.Seq)
		rows[i] = []any{id, l.Seq, l.Attempt, sqldb.Time{Time: l.At}, l.Level, l.Line}
	}
	return sqldb.BulkInsert(ctx, tx, "callboard_job_logs", []string{"job_id", "seq", "attempt", "at", "level", "line"}, rows, "ON CONFLICT DO NOTHING")
}
