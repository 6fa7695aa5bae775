package job

import (
	"context"
	"slices"
	"strings"
	"time"

	"callboard"
	"callboard/sqldb"
)

// KindStats are figures of one kind of jobs.
type KindStats struct {
	Kind   string
	Counts map[Status]int // those under way, whenever they were queued, and those that ended within the window
	// P50 and P95 are how long the last attempts of jobs that were completed within the window ran; 0 when there are none.
	P50, P95 time.Duration
}

// Stats returns figures of all kinds that have jobs, over a window that ends now: of the jobs of the actor, and for an admin
// of all.
func (s *Service) Stats(ctx context.Context, window time.Duration) ([]KindStats, error) {
	since := sqldb.Time{Time: callboard.Now().Add(-window)}
	byKind := map[string]*KindStats{}
	of := func(kind string) *KindStats {
		if byKind[kind] == nil {
			byKind[kind] = &KindStats{Kind: kind, Counts: map[Status]int{}}
		}
		return byKind[kind]
	}
	if err := s.counts(ctx, since, of); err != nil {
		return nil, err
	}
	if err := s.durations(ctx, since, of); err != nil {
		return nil, err
	}
	stats := make([]KindStats, 0, len(byKind))
	for _, k := range byKind {
		stats = append(stats, *k)
	}
	slices.SortFunc(stats, func(a, b KindStats) int { return strings.Compare(a.Kind, b.Kind) })
	return stats, nil
}

func (s *Service) counts(ctx context.Context, since sqldb.Time, of func(string) *KindStats) error {
	var w sqldb.Where
	w.And("(finished_at >= ? OR status IN ('pending', 'processing'))", since)
	onlyOwn(ctx, &w)
	rows, err := s.db.QueryContext(ctx, `SELECT kind, status, count(*) FROM jobs`+w.SQL()+` GROUP BY kind, status`, w.Args()...)
	_, err = sqldb.Collect(rows, err, "count jobs", func(row sqldb.Scanner) (struct{}, error) {
		var kind string
		var status Status
		var n int
		err := row.Scan(&kind, &status, &n)
		of(kind).Counts[status] = n
		return struct{}{}, err
	})
	return err
}

// durations reads the durations at the 50th and the 95th percent of those of each kind.
func (s *Service) durations(ctx context.Context, since sqldb.Time, of func(string) *KindStats) error {
	var w sqldb.Where
	w.And("status = 'completed'")
	w.And("finished_at >= ?", since)
	onlyOwn(ctx, &w)
	rows, err := s.db.QueryContext(ctx, `SELECT kind, took, place * 2 >= n AND (place - 1) * 2 < n FROM (
			SELECT kind, finished_at - started_at AS took, count(*) OVER (PARTITION BY kind) AS n,
				row_number() OVER (PARTITION BY kind ORDER BY finished_at - started_at) AS place
			FROM jobs`+w.SQL()+`) AS ranked
		WHERE place * 2 >= n AND (place - 1) * 2 < n OR place * 20 >= n * 19 AND (place - 1) * 20 < n * 19
		ORDER BY kind, place`, w.Args()...)
	_, err = sqldb.Collect(rows, err, "measure jobs", func(row sqldb.Scanner) (struct{}, error) {
		var kind string
		var took int64
		var median bool
		err := row.Scan(&kind, &took, &median)
		k := of(kind)
		k.P95 = time.Duration(took) * time.Microsecond // the last of a kind is the 95th
		if median {
			k.P50 = k.P95
		}
		return struct{}{}, err
	})
	return err
}

func onlyOwn(ctx context.Context, w *sqldb.Where) {
	if actor := callboard.ActorFrom(ctx); actor.Role != callboard.RoleAdmin {
		w.And("owner_id = ?", actor.ID)
	}
}
