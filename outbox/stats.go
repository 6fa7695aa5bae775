package outbox

import (
	"context"
	"fmt"
	"time"

	"callboard"
	"callboard/sqldb"
)

// Stats is the state of the log, as the database knows it.
type Stats struct {
	Depth     int   // events that have no position yet
	LastPos   int64 // the newest position
	Leading   bool  // whether this process runs the consumers
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
	var lag time.Duration
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
		// First: an event that gets its position in between is then counted twice, rather than not at all.
		if err := q.QueryRowContext(ctx, `SELECT count(*) FROM outbox WHERE pos IS NULL`).Scan(&s.Depth); err != nil {
			return s, fmt.Errorf("count events: %w", err)
		}
	}
	var err error
	if s.LastPos, err = lastPos(ctx, q); err != nil {
		return s, err
	}
	rows, err := q.QueryContext(ctx, `SELECT c.name, c.pos, c.failures, c.error, COALESCE(d.n, 0), COALESCE(d.error, ''),
			(SELECT appended_at FROM outbox WHERE `+posColumn(q)+` = c.pos + 1)
		FROM consumers c
		LEFT JOIN (SELECT consumer, count(*) AS n, max(error) AS error FROM dead_letters GROUP BY consumer) d ON d.consumer = c.name`)
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
		stats, known := found[c.Name]
		if !known {
			stats = ConsumerStats{Name: c.Name, LagEvents: int(s.LastPos)}
		}
		s.Consumers = append(s.Consumers, stats)
	}
	return s, err
}
