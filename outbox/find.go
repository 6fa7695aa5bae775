package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sort"
	"time"

	"github.com/google/uuid"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/rights"
	"github.com/callboard/callboard/sqldb"
)

// appendedWithin is how long after its ID was made an event is taken to get its position: transactions of applications may last.
const appendedWithin = 15 * time.Minute

// Find returns the event with an ID, whoever may read it; see MayRead. One that has no position yet has Pos 0. The error is CodeGone for an
// ID from before the oldest event that is kept, and CodeNotFound for any other that is not there.
//
// Appending keeps no index of IDs. An ID begins with its time, so a few look-ups tell about where its event is.
func (l *Log) Find(ctx context.Context, id string) (callboard.Event, error) {
	q := l.cfg.DB
	if q.Dialect() == sqldb.Postgres {
		e, err := findEvent(ctx, q, `pos IS NULL`, id)
		if !errors.Is(err, sql.ErrNoRows) {
			return e, err
		}
	}
	last, err := LastPos(ctx, q)
	if err != nil {
		return callboard.Event{}, err
	}
	oldest, err := oldestPos(ctx, q, last)
	if err != nil {
		return callboard.Event{}, err
	}
	made, ok := madeAt(id)
	if !ok || oldest > last {
		return callboard.Event{}, callboard.NotFound("event")
	}
	for _, spread := range []time.Duration{time.Second, appendedWithin} { // most are appended at once, and found among few
		from, err := l.firstMadeAfter(ctx, oldest, last, made.Add(-spread))
		if err != nil {
			return callboard.Event{}, err
		}
		to, err := l.firstMadeAfter(ctx, oldest, last, made.Add(spread))
		if err != nil {
			return callboard.Event{}, err
		}
		e, err := findEvent(ctx, q, posColumn(q)+` >= $2 AND `+posColumn(q)+` <= $3`, id, from, to)
		if !errors.Is(err, sql.ErrNoRows) {
			return e, err
		}
	}
	if first, err := l.madeAtPos(ctx, oldest); err != nil || made.Before(first) {
		return callboard.Event{}, orGone(err, oldest, last)
	}
	return callboard.Event{}, callboard.NotFound("event")
}

func orGone(err error, oldest, last int64) error {
	if err != nil {
		return err
	}
	return gone(oldest, last)
}

// firstMadeAfter returns a position of which the event was made after t, and the one before it, if there is one, was not: that is near t, since
// events come about in the order in which they were made.
func (l *Log) firstMadeAfter(ctx context.Context, oldest, last int64, t time.Time) (int64, error) {
	var failed error
	n := sort.Search(int(last-oldest), func(i int) bool {
		if failed != nil {
			return true
		}
		made, err := l.madeAtPos(ctx, oldest+int64(i))
		failed = err
		return made.After(t)
	})
	return oldest + int64(n), failed
}

func (l *Log) madeAtPos(ctx context.Context, pos int64) (time.Time, error) {
	var id string
	err := l.cfg.DB.QueryRowContext(ctx, `SELECT event_id FROM callboard_outbox WHERE `+posColumn(l.cfg.DB)+` = $1`, pos).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) { // a sweep came between: what it took is older than what is asked for
		return time.Time{}, fmt.Errorf("look for an event: %w", err)
	}
	made, _ := madeAt(id)
	return made, nil
}

// madeAt returns when an ID was made, which is a UUID of version 7.
func madeAt(id string) (time.Time, bool) {
	parsed, err := uuid.Parse(id)
	if err != nil || parsed.Version() != 7 {
		return time.Time{}, false
	}
	return time.Unix(parsed.Time().UnixTime()), true
}

func findEvent(ctx context.Context, q sqldb.Querier, where string, args ...any) (callboard.Event, error) {
	e, err := scanEvent(q.QueryRowContext(ctx, `SELECT `+eventColumnsAt(`COALESCE(`+posColumn(q)+`, 0)`)+` FROM callboard_outbox
		WHERE event_id = $1 AND `+where, args...))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("find an event: %w", err)
	}
	return e, err
}

// MayRead reports whether the actor of ctx may read e, as Events decides it.
func (l *Log) MayRead(ctx context.Context, e callboard.Event) (bool, error) {
	actor := callboard.ActorFrom(ctx)
	return mayRead(ctx, actor, rights.NewReader(l.cfg.Access, actor), e)
}

// Progress is what a consumer has made of one event.
type Progress struct {
	Runs     bool      // the consumer is one of this log's
	Taken    bool      // it has taken the event
	Pos      int64     // up to here it has taken all others
	Failures int       // in a row, at its cursor
	Attempts int       // at the event, where it failed alone; 0: it did not
	NextAt   time.Time // when it is tried again, where it failed alone
	Error    string    // of the last failure, as it may be shown to admins
}

// Progress returns what a consumer has made of the event at a position.
func (l *Log) Progress(ctx context.Context, consumer string, pos int64) (Progress, error) {
	c := l.consumer(consumer)
	if c == nil {
		return Progress{}, nil
	}
	if c.EveryNode {
		return c.progressHere(pos), nil
	}
	p := Progress{Runs: true}
	var letter sql.NullInt64
	var next sqldb.Time
	var letterError sql.NullString
	err := l.cfg.DB.QueryRowContext(ctx, `SELECT c.pos, c.failures, c.error, d.attempts, d.next_at, d.error FROM callboard_consumers c
		LEFT JOIN callboard_dead_letters d ON d.consumer = c.name AND d.pos = $2 WHERE c.name = $1`, consumer, pos).
		Scan(&p.Pos, &p.Failures, &p.Error, &letter, &next, &letterError)
	if err != nil && !errors.Is(err, sql.ErrNoRows) { // it has not run yet
		return p, fmt.Errorf("read how far a consumer is: %w", err)
	}
	p.Pos = max(p.Pos, c.pos.Load()) // it may be ahead of what is saved
	if letter.Valid {
		p.Attempts, p.NextAt, p.Error = max(1, int(letter.Int64)), next.Time, letterError.String
	}
	return p.at(pos), nil
}

func (c *consumer) progressHere(pos int64) Progress {
	c.here.mu.Lock()
	defer c.here.mu.Unlock()
	p := Progress{Runs: true, Pos: c.pos.Load(), Failures: c.here.failures, Error: c.here.err}
	for _, held := range c.here.held {
		if held.pos == pos {
			p.Attempts, p.NextAt, p.Error = max(1, held.attempts), held.next, held.err
		}
	}
	return p.at(pos)
}

func (p Progress) at(pos int64) Progress {
	p.Taken = pos > 0 && p.Pos >= pos && p.Attempts == 0
	p.Error = shownErrorOf(p.Error)
	return p
}
