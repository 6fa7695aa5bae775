package job

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// Filter narrows a list of jobs. Zero fields do not filter.
type Filter struct {
	Status    Status
	Kind      string
	EpisodeID string
	OwnerID   string
}

// List returns jobs, newest first: those of the actor, and for an admin all. A page of large ones is shorter than asked for.
func (s *Service) List(ctx context.Context, f Filter, page callboard.Page) (callboard.List[Job], error) {
	w, err := f.where(callboard.ActorFrom(ctx))
	if err != nil {
		return callboard.List[Job]{}, err
	}
	if page.Cursor != "" {
		var before string
		if err := callboard.DecodeCursor(page.Cursor, &before); err != nil {
			return callboard.List[Job]{}, err
		}
		w.And("id < ?", before)
	}
	rows, err := s.db.QueryContext(ctx, selectText+w.SQL()+` ORDER BY id DESC LIMIT `+w.Arg(page.Size()+1), w.Args()...)
	weigh := func(j Job) int { return len(j.Args) + len(j.Result) }
	jobs, size, err := sqldb.CollectPage(rows, err, "read jobs", scanJob, weigh, page.Size())
	if err != nil {
		return callboard.List[Job]{}, err
	}
	return callboard.NewList(jobs, size, func(j Job) any { return j.ID }), nil
}

func (f Filter) where(actor callboard.Actor) (w sqltext.Where, err error) {
	var v callboard.Validator
	v.Check(f.Status == "" || slices.Contains(Statuses(), f.Status), "status", "must be one of pending, processing, completed, failed, cancelled")
	onlyOwn(actor, &w)
	for column, value := range map[string]string{
		"status": string(f.Status), "kind": f.Kind, "episode_id": f.EpisodeID, "owner_id": f.OwnerID,
	} {
		if value != "" {
			w.And(column+" = ?", value)
		}
	}
	return w, v.Err()
}

func onlyOwn(actor callboard.Actor, w *sqltext.Where) {
	if actor.Role != callboard.RoleAdmin {
		w.And("owner_id = ?", actor.ID)
	}
}

// Lines returns the log lines of a job, oldest first. See Get for who may read them.
func (s *Service) Lines(ctx context.Context, id string, page callboard.Page) (none callboard.List[LogLine], err error) {
	if _, err := s.Get(ctx, id); err != nil {
		return none, err
	}
	var after int64
	if page.Cursor != "" {
		if err := callboard.DecodeCursor(page.Cursor, &after); err != nil {
			return none, err
		}
	}
	rows, err := s.db.QueryContext(ctx, `SELECT seq, attempt, at, level, line FROM callboard_job_logs
		WHERE job_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`, id, after, page.Size()+1)
	lines, err := sqldb.Collect(rows, err, "read log lines", func(row sqldb.Scanner) (LogLine, error) {
		var l LogLine
		var at sqldb.Time
		err := row.Scan(&l.Seq, &l.Attempt, &at, &l.Level, &l.Line)
		l.At = at.Time
		return l, err
	})
	if err != nil {
		return none, err
	}
	return callboard.NewList(lines, page.Size(), func(l LogLine) any { return l.Seq }), nil
}

// problemsPage is how many problems are read, and held in memory, at a time.
const problemsPage = 500

// EachProblem calls do with each item that the job could not take, in the order in which it came to them.
func (s *Service) EachProblem(ctx context.Context, id string, do func(Problem) error) error {
	if _, err := s.Get(ctx, id); err != nil {
		return err
	}
	for after := int64(0); ; {
		rows, err := s.db.QueryContext(ctx, `SELECT seq, item, reason, outcome FROM callboard_job_problems
			WHERE job_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`, id, after, problemsPage)
		problems, err := sqldb.Collect(rows, err, "read problems", func(row sqldb.Scanner) (p Problem, err error) {
			err = row.Scan(&after, &p.Item, &p.Reason, &p.Outcome)
			return p, err
		})
		if err != nil {
			return err
		}
		for _, p := range problems {
			if err := do(p); err != nil {
				return err
			}
		}
		if len(problems) < problemsPage {
			return nil
		}
	}
}

// Paused returns the kinds of jobs that an admin has paused on River's pages.
func (s *Service) Paused(ctx context.Context) ([]string, error) { return s.queue.Paused(ctx) }

// KindStats are figures of one kind of jobs.
type KindStats struct {
	Kind   string
	Counts map[Status]int // those under way, whenever they were queued, and those that ended within the window
	// P50 and P95 are how long the last attempts of jobs that were completed within the window ran; 0 when there are none.
	P50, P95 time.Duration
}

// Stats returns figures of all kinds that have jobs, over a window that ends now: of the jobs of the actor, and for an admin
// of all.
func (s *Service) Stats(ctx context.Context, window time.Duration) ([]*KindStats, error) {
	since := sqldb.Time{Time: callboard.Now().Add(-window)}
	stats, err := s.counts(ctx, since)
	if err == nil {
		err = s.durations(ctx, since, stats)
	}
	if err != nil {
		return nil, err
	}
	byKind := func(a, b *KindStats) int { return strings.Compare(a.Kind, b.Kind) }
	return slices.SortedFunc(maps.Values(stats), byKind), nil
}

func (s *Service) counts(ctx context.Context, since sqldb.Time) (map[string]*KindStats, error) {
	var w sqltext.Where
	w.And("(finished_at >= ? OR status IN ('pending', 'processing'))", since)
	onlyOwn(callboard.ActorFrom(ctx), &w)
	stats := map[string]*KindStats{}
	rows, err := s.db.QueryContext(ctx, `SELECT kind, status, count(*) FROM callboard_jobs`+w.SQL()+` GROUP BY kind, status`, w.Args()...) //nolint:rowserrcheck // Each does
	err = sqldb.Each(rows, err, "count jobs", func(row sqldb.Scanner) error {
		var kind string
		var status Status
		var n int
		err := row.Scan(&kind, &status, &n)
		if stats[kind] == nil {
			stats[kind] = &KindStats{Kind: kind, Counts: map[Status]int{}}
		}
		stats[kind].Counts[status] = n
		return err
	})
	return stats, err
}

// durations reads the durations at the 50th and the 95th percent of those of each kind.
func (s *Service) durations(ctx context.Context, since sqldb.Time, stats map[string]*KindStats) error {
	var w sqltext.Where
	w.And("status = 'completed'")
	w.And("finished_at >= ?", since)
	onlyOwn(callboard.ActorFrom(ctx), &w)
	//nolint:rowserrcheck // Each does
	rows, err := s.db.QueryContext(ctx, `SELECT kind, took, place * 2 >= n AND (place - 1) * 2 < n FROM (
			SELECT kind, finished_at - started_at AS took, count(*) OVER (PARTITION BY kind) AS n,
				row_number() OVER (PARTITION BY kind ORDER BY finished_at - started_at) AS place
			FROM callboard_jobs`+w.SQL()+`) AS ranked
		WHERE place * 2 >= n AND (place - 1) * 2 < n OR place * 20 >= n * 19 AND (place - 1) * 20 < n * 19
		ORDER BY kind, place`, w.Args()...)
	return sqldb.Each(rows, err, "measure jobs", func(row sqldb.Scanner) error {
		var kind string
		var took int64
		var median bool
		err := row.Scan(&kind, &took, &median)
		if k := stats[kind]; k != nil { // else it has come since they were counted
			k.P95 = time.Duration(took) * time.Microsecond // the last of a kind is the 95th
			if median {
				k.P50 = k.P95
			}
		}
		return err
	})
}

// waitPoll is how often Wait looks when nothing is signalled: for a job that another process works on.
const waitPoll = 500 * time.Millisecond

// Wait returns the job once it has come to its end, or ctx's error. See Get for who may read it.
func (s *Service) Wait(ctx context.Context, id string) (Job, error) {
	changes, stop := s.db.Listen(outbox.Topic)
	defer stop()
	ticker := time.NewTicker(waitPoll)
	defer ticker.Stop()
	for {
		j, err := s.Get(ctx, id)
		if err != nil || j.Status.Done() {
			return j, err
		}
		select {
		case <-ctx.Done():
			return Job{}, ctx.Err()
		case <-changes:
		case <-ticker.C:
		}
	}
}
