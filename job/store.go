package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"callboard"
	"callboard/sqldb"
)

const columns = `id, kind, status, priority, args, episode_id, owner_id, owner_name, owner_role, unique_key, attempt, max_attempts,
	run_id, queue_id, progress, message, estimated_end, result, error, problems, created_at, queued_at, started_at, next_run_at,
	finished_at`

const selectText = `SELECT ` + columns + `, checkpoint IS NOT NULL FROM jobs`

func insertJobs(ctx context.Context, tx *sqldb.Tx, jobs []*Job) error {
	rows := make([][]any, len(jobs))
	for i, j := range jobs {
		rows[i] = []any{
			j.ID, j.Kind, j.Status, j.Priority, string(j.Args), j.EpisodeID, j.OwnerID, j.OwnerName, j.ownerRole, j.uniqueKey,
			j.Attempt, j.MaxAttempts, j.runID, j.queueID, j.Progress, j.Message, optionalTime(j.EstimatedEnd), optionalText(j.Result),
			j.Error, j.Problems, sqldb.Time{Time: j.CreatedAt}, sqldb.Time{Time: j.QueuedAt}, optionalTime(j.StartedAt),
			optionalTime(j.NextRunAt), optionalTime(j.FinishedAt),
		}
	}
	return writeError(sqldb.BulkInsert(ctx, tx, "jobs", strings.Split(columns, ","), rows, ""), "insert")
}

// updateText writes all that changes in the course of a job. The progress of the work itself is not among it.
const updateText = `UPDATE jobs SET status = $2, attempt = $3, max_attempts = $4, run_id = $5, queue_id = $6, progress = $7,
	message = $8, estimated_end = $9, result = $10, error = $11, queued_at = $12, started_at = $13, next_run_at = $14,
	finished_at = $15 WHERE id = $1`

func updateArgs(j Job) []any {
	return []any{
		j.ID, j.Status, j.Attempt, j.MaxAttempts, j.runID, j.queueID, j.Progress, j.Message, optionalTime(j.EstimatedEnd),
		optionalText(j.Result), j.Error, sqldb.Time{Time: j.QueuedAt}, optionalTime(j.StartedAt), optionalTime(j.NextRunAt),
		optionalTime(j.FinishedAt),
	}
}

func updateJob(ctx context.Context, tx *sqldb.Tx, j Job) error {
	_, err := tx.ExecContext(ctx, updateText, updateArgs(j)...)
	return writeError(err, "update")
}

// queueUpdate is updateJob with an error that may come later; see sqldb.Tx.Queue.
func queueUpdate(ctx context.Context, tx *sqldb.Tx, j Job) error {
	return writeError(tx.Queue(ctx, updateText, updateArgs(j)...), "update")
}

func writeError(err error, verb string) error {
	switch {
	case err == nil:
		return nil
	case sqldb.IsUniqueViolation(err):
		return callboard.Wrap(err, callboard.CodeConflict, msgTwice)
	}
	return fmt.Errorf("%s job: %w", verb, err)
}

const msgTwice = "a job that does the same is pending or processing already"

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
	in, arg := `IN (SELECT value FROM json_each($1))`, any(nil)
	if q.Dialect() == sqldb.Postgres {
		in, arg = `= ANY ($1)`, ids
	} else {
		b, err := json.Marshal(ids)
		if err != nil {
			return nil, err
		}
		arg = string(b)
	}
	rows, err := q.QueryContext(ctx, selectText+` WHERE id `+in+` ORDER BY id`+lock, arg)
	jobs, err := sqldb.Collect(rows, err, "read jobs", scanJob)
	byID := make(map[string]*Job, len(jobs))
	for i := range jobs {
		byID[jobs[i].ID] = &jobs[i]
	}
	return byID, err
}

// selectTwin returns the ID of the job that is under way for the same thing, "" when none is.
func selectTwin(ctx context.Context, q sqldb.Querier, key string) (string, error) {
	var id string
	err := q.QueryRowContext(ctx, `SELECT id FROM jobs WHERE unique_key = $1 AND status IN ('pending', 'processing')`, key).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("look for a job that does the same: %w", err)
	}
	return id, nil
}

func selectJobs(ctx context.Context, q sqldb.Querier, w *sqldb.Where, limit int) ([]Job, error) {
	rows, err := q.QueryContext(ctx, selectText+w.SQL()+` ORDER BY id DESC LIMIT `+w.Arg(limit), w.Args()...)
	return sqldb.Collect(rows, err, "read jobs", scanJob)
}

func scanJob(row sqldb.Scanner) (Job, error) {
	var (
		j                                  Job
		args                               string
		result                             *string
		end, created, queued, started, due sqldb.Time
		finished                           sqldb.Time
	)
	err := row.Scan(&j.ID, &j.Kind, &j.Status, &j.Priority, &args, &j.EpisodeID, &j.OwnerID, &j.OwnerName, &j.ownerRole,
		&j.uniqueKey, &j.Attempt, &j.MaxAttempts, &j.runID, &j.queueID, &j.Progress, &j.Message, &end, &result, &j.Error,
		&j.Problems, &created, &queued, &started, &due, &finished, &j.saved)
	if err != nil {
		return j, err
	}
	j.Args, j.CreatedAt, j.QueuedAt = json.RawMessage(args), created.Time, queued.Time
	j.EstimatedEnd, j.StartedAt, j.NextRunAt, j.FinishedAt = timeOrNil(end), timeOrNil(started), timeOrNil(due), timeOrNil(finished)
	if result != nil {
		j.Result = json.RawMessage(*result)
	}
	return j, nil
}

func optionalTime(t *time.Time) sqldb.Time {
	if t == nil {
		return sqldb.Time{} // NULL
	}
	return sqldb.Time{Time: *t}
}

func timeOrNil(t sqldb.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t.Time
}

func optionalText(b json.RawMessage) *string {
	if b == nil {
		return nil
	}
	return new(string(b))
}

// holds reports whether the attempt still has the job. On PostgreSQL the row is locked, so that it has it until tx ends.
func holds(ctx context.Context, tx *sqldb.Tx, id, runID string) (bool, error) {
	var holder string
	err := tx.QueryRowContext(ctx, `SELECT run_id FROM jobs WHERE id = $1`+sqldb.ForUpdate(tx), id).Scan(&holder)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look who holds the job: %w", err)
	}
	return holder == runID, nil
}

func updateProgress(ctx context.Context, tx *sqldb.Tx, id string, p progress) error {
	_, err := tx.ExecContext(ctx, `UPDATE jobs SET progress = $2, message = $3, estimated_end = $4 WHERE id = $1`,
		id, p.percent, p.message, optionalTime(p.end))
	if err != nil {
		return fmt.Errorf("update the progress of the job: %w", err)
	}
	return nil
}

func selectCheckpoint(ctx context.Context, q sqldb.Querier, id string) (*string, error) {
	var saved *string
	if err := q.QueryRowContext(ctx, `SELECT checkpoint FROM jobs WHERE id = $1`, id).Scan(&saved); err != nil {
		return nil, fmt.Errorf("read the checkpoint of the job: %w", err)
	}
	return saved, nil
}

func updateCheckpoint(ctx context.Context, tx *sqldb.Tx, id string, checkpoint *string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE jobs SET checkpoint = $2 WHERE id = $1`, id, checkpoint); err != nil {
		return fmt.Errorf("save the checkpoint of the job: %w", err)
	}
	return nil
}

// insertLines adds lines after those that the job has; who calls it has the job. They keep the numbers that they get, so that
// lines which are written again, since the answer to the first time was lost, are not there twice.
func insertLines(ctx context.Context, tx *sqldb.Tx, id string, lines []LogLine) error {
	if err := number(ctx, tx, id, lines); err != nil {
		return err
	}
	rows := make([][]any, len(lines))
	for i, l := range lines {
		rows[i] = []any{id, l.Seq, l.Attempt, sqldb.Time{Time: l.At}, l.Level, l.Line}
	}
	return sqldb.BulkInsert(ctx, tx, "job_logs", []string{"job_id", "seq", "attempt", "at", "level", "line"}, rows, "ON CONFLICT DO NOTHING")
}

func number(ctx context.Context, q sqldb.Querier, id string, lines []LogLine) error {
	isNew := func(l LogLine) bool { return l.Seq == 0 }
	if !slices.ContainsFunc(lines, isNew) {
		return nil
	}
	last, err := lastLine(ctx, q, id)
	if err != nil {
		return err
	}
	for i := range lines {
		if isNew(lines[i]) {
			lines[i].Seq = last + 1
		}
		last = max(last, lines[i].Seq)
	}
	return nil
}

func selectLines(ctx context.Context, q sqldb.Querier, id string, after int64, limit int) ([]LogLine, error) {
	rows, err := q.QueryContext(ctx, `SELECT seq, attempt, at, level, line FROM job_logs
		WHERE job_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`, id, after, limit)
	return sqldb.Collect(rows, err, "read log lines", func(row sqldb.Scanner) (LogLine, error) {
		var l LogLine
		var at sqldb.Time
		err := row.Scan(&l.Seq, &l.Attempt, &at, &l.Level, &l.Line)
		l.At = at.Time
		return l, err
	})
}

// lastLine returns the highest number of a log line, 0 when there is none.
func lastLine(ctx context.Context, q sqldb.Querier, id string) (int64, error) {
	var last *int64
	if err := q.QueryRowContext(ctx, `SELECT max(seq) FROM job_logs WHERE job_id = $1`, id).Scan(&last); err != nil {
		return 0, fmt.Errorf("read log lines: %w", err)
	}
	if last == nil {
		return 0, nil
	}
	return *last, nil
}

// insertProblems adds problems after those that the job has. The caller holds the job.
func insertProblems(ctx context.Context, tx *sqldb.Tx, id string, problems []Problem) error {
	var n int64
	err := tx.QueryRowContext(ctx, `UPDATE jobs SET problems = problems + $2 WHERE id = $1 RETURNING problems`, id, len(problems)).Scan(&n)
	if err != nil {
		return fmt.Errorf("count the problems of the job: %w", err)
	}
	rows := make([][]any, len(problems))
	for i, p := range problems {
		rows[i] = []any{id, n - int64(len(problems)) + int64(i) + 1, p.Item, p.Reason}
	}
	return sqldb.BulkInsert(ctx, tx, "job_problems", []string{"job_id", "seq", "item", "reason"}, rows, "")
}

// numbered is a problem and its place in the list.
type numbered struct {
	Problem
	seq int64
}

func selectProblems(ctx context.Context, q sqldb.Querier, id string, after int64, limit int) ([]numbered, error) {
	rows, err := q.QueryContext(ctx, `SELECT seq, item, reason FROM job_problems
		WHERE job_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`, id, after, limit)
	return sqldb.Collect(rows, err, "read problems", func(row sqldb.Scanner) (numbered, error) {
		var n numbered
		err := row.Scan(&n.seq, &n.Item, &n.Reason)
		return n, err
	})
}
