package notification

import (
	"context"
	"fmt"
	"time"

	"github.com/callboard/callboard/sqldb"
)

// sweepChunk is how many entries one transaction of a sweep deletes, so that other writes get their turn.
const sweepChunk = 1000

// Swept says how many entries a sweep deleted.
type Swept struct {
	Expired int64 // past their expires_at
	Read    int64 // read or archived longer ago than the retention
	Unread  int64 // not read within the retention of unread entries
}

// Sweep deletes what is no longer kept. When it fails it returns what was deleted until then; the rest is left for the
// next time.
func (s *Service) Sweep(ctx context.Context) (Swept, error) {
	now := s.now()
	var swept Swept
	var err error
	if swept.Expired, err = s.sweep(ctx, `expires_at <= $1`, sqldb.Time{Time: now}); err != nil {
		return swept, err
	}
	if swept.Read, err = s.sweep(ctx, `read_at < $1`, sqldb.Time{Time: now.Add(-s.cfg.Retention)}); err != nil {
		return swept, err
	}
	cutoff := now.Add(-s.cfg.UnreadRetention)
	swept.Unread, err = s.sweep(ctx, `id < $1 AND read_at IS NULL AND created_at < $2`, firstID(cutoff), sqldb.Time{Time: cutoff})
	return swept, err
}

// sweep deletes in chunks what the condition, which is a text of this file, applies to. The condition is said twice: an
// entry that a new event joined after it was found, and before it was locked, is looked at again, and stays.
func (s *Service) sweep(ctx context.Context, condition string, args ...any) (int64, error) {
	query := `DELETE FROM callboard_notifications WHERE ` + condition + ` AND id IN (SELECT id FROM callboard_notifications WHERE ` + condition +
		fmt.Sprintf(" LIMIT %d) RETURNING user_id", sweepChunk)
	var total int64
	for {
		n, err := sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (int, error) {
			rows, err := tx.QueryContext(ctx, query, args...)
			users, err := sqldb.CollectValues[string](rows, err, "sweep notifications")
			for id := range setOf(users) {
				s.pushUnreadAfter(tx, id)
			}
			return len(users), err
		})
		if err != nil {
			return total, err
		}
		total += int64(n)
		if n < sweepChunk {
			return total, nil
		}
	}
}

// firstID returns what sorts before every UUIDv7 made at t or later: they begin with the milliseconds since 1970, in
// twelve hexadecimal digits.
func firstID(t time.Time) string {
	ms := t.UnixMilli()
	return fmt.Sprintf("%08x-%04x", ms>>16, ms&0xffff)
}
