package outbox

import (
	"context"
	"fmt"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Stats is the state of the log, as the database knows it.
type Stats struct {
	Depth     int           // events that have no position yet
	DepthLag  time.Duration // age of the oldest of them
	LastPos   int64         // the newest position
	Leading   bool          // whether this process runs the consumers
	Consumers []ConsumerStats
}

// ConsumerStats is how far a consumer has come, and what it could not take.
type ConsumerStats struct {
	Name        string
	Pos         int64         // it has taken all events up to here
	LagEvents   int           // events after that
	Lag         time.Duration // age of the oldest of them; 0 when there is none
	Failures    int           // in a row, at its cursor; 0 while it goes on
	Error       string        // of the last failure
	DeadLetters int           // events that it failed to take and retries
	LetterError string        // of one of them
	EveryNode   bool          // it runs on each node, and this is the state of this one
	Off         bool          // nobody runs it here; listed only when it has dead letters
}

// LagEvents returns how many events the slowest consumer has not taken yet.
func (s Stats) LagEvents() int {
	lag := 0
	for _, c := range s.Consumers {
		lag = max(lag, c.LagEvents)
	}
	return s.Depth + lag
}

// Lag returns the age of the oldest event that a consumer has not taken yet.
func (s Stats) Lag() time.Duration {
	lag := s.DepthLag
	for _, c := range s.Consumers {
		lag = max(lag, c.Lag)
	}
	return lag
}

// DeadLetters returns how many dead letters there are.
func (s Stats) DeadLetters() int {
	n := 0
	for _, c := range s.Consumers {
		n += c.DeadLetters
	}
	return n
}

// Stats reads the state of the log and of the consumers of this process's Config. It costs a few index look-ups.
func (l *Log) Stats(ctx context.Context) (Stats, error) {
	s := Stats{Leading: l.Leading()}
	q := l.cfg.DB
	if q.Dialect() == sqldb.Postgres {
		var oldest sqldb.Time
		// First: an event that gets its position in between is then counted twice, rather than not at all.
		if err := q.QueryRowContext(ctx, `SELECT count(*), min(appended_at) FROM callboard_outbox WHERE pos IS NULL`).Scan(&s.Depth, &oldest); err != nil {
			return s, fmt.Errorf("count events: %w", err)
		}
		if !oldest.IsZero() {
			s.DepthLag = max(0, callboard.Now().Sub(oldest.Time))
		}
	}
	var err error
	if s.LastPos, err = LastPos(ctx, q); err != nil {
		return s, err
	}
	//nolint:rowserrcheck // Each does
	rows, err := q.QueryContext(ctx, `SELECT c.name, c.pos, c.failures, c.error, COALESCE(d.n, 0), COALESCE(d.error, ''),
			(SELECT appended_at FROM callboard_outbox WHERE `+posColumn(q)+` = c.pos + 1)
		FROM callboard_consumers c
		LEFT JOIN (SELECT consumer, count(*) AS n, max(error) AS error FROM callboard_dead_letters GROUP BY consumer) d ON d.consumer = c.name`)
	found := map[string]ConsumerStats{}
	err = sqldb.Each(rows, err, "read consumers", func(row sqldb.Scanner) error {
		var c ConsumerStats
		var oldest sqldb.Time
		err := row.Scan(&c.Name, &c.Pos, &c.Failures, &c.Error, &c.DeadLetters, &c.LetterError, &oldest)
		if c.LagEvents = int(max(0, s.LastPos-c.Pos)); c.LagEvents > 0 && !oldest.IsZero() {
			c.Lag = max(0, callboard.Now().Sub(oldest.Time))
		}
		found[c.Name] = c
		return err
	})
	for _, c := range l.consumers { // one that has never run has no row yet
		if c.EveryNode {
			delete(found, c.Name)
			stats, runs, err := c.statsHere(ctx, s.LastPos)
			if err != nil {
				return s, err
			}
			if runs {
				s.Consumers = append(s.Consumers, stats)
			}
			continue
		}
		stats, known := found[c.Name]
		if !known {
			stats = ConsumerStats{Name: c.Name, LagEvents: int(s.LastPos)}
		}
		delete(found, c.Name)
		s.Consumers = append(s.Consumers, stats)
	}
	for _, c := range found {
		if c.DeadLetters > 0 {
			c.Off, c.LagEvents, c.Lag, c.Failures = true, 0, 0, 0
			s.Consumers = append(s.Consumers, c)
		}
	}
	return s, err
}

// Tracer returns what tells the position of an event that is appended from now on, or 0 while it has none.
func (l *Log) Tracer(ctx context.Context) (func(ctx context.Context, eventID string) (int64, error), error) {
	q := l.cfg.DB
	before, err := newestID(ctx, q)
	return func(ctx context.Context, eventID string) (pos int64, err error) {
		err = q.QueryRowContext(ctx, `SELECT coalesce(max(`+posColumn(q)+`), 0) FROM callboard_outbox WHERE id > $1 AND event_id = $2`,
			before, eventID).Scan(&pos)
		if err != nil {
			return 0, fmt.Errorf("look for an event: %w", err)
		}
		return pos, nil
	}, err
}
