package notification

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

func (s *Service) entryByID(ctx context.Context, userID, id string) (*Notification, error) {
	n, err := s.entryWhere(ctx, `id = $1 AND user_id = $2`, id, userID)
	if err == nil && (n == nil || n.ExpiresAt != nil && !n.ExpiresAt.After(s.now())) {
		err = callboard.NotFound("notification")
	}
	return n, err
}

// entryOf returns the user's entry of which the event is the newest, or nil.
func (s *Service) entryOf(ctx context.Context, eventID, userID string) (*Notification, error) {
	return s.entryWhere(ctx, `event_id = $1 AND user_id = $2`, eventID, userID)
}

func (s *Service) entryWhere(ctx context.Context, where string, args ...any) (*Notification, error) {
	n, err := scanNotification(s.db.QueryRowContext(ctx, `SELECT `+columns+` FROM callboard_notifications WHERE `+where, args...))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read a notification: %w", err)
	}
	return &n, nil
}

// joinedEntry is an entry that tells of several events.
type joinedEntry struct {
	Notification
	first int64 // position of the oldest; 0 where that was not kept
}

func (j *joinedEntry) is(typ string) bool { return j != nil && j.first > 0 && j.Type == typ }

// joinedBy returns the user's entry that an event has joined which is not its newest, or nil: one about the same, else the digest. One of
// which the first event was not kept is only returned where there is no other.
func (s *Service) joinedBy(ctx context.Context, c *content, userID string) (*joinedEntry, error) {
	var found *joinedEntry
	for _, where := range []string{`archived_at IS NULL`, `archived_at IS NOT NULL`} { // each has its index
		rows, err := s.db.QueryContext(ctx, `SELECT `+columns+`, COALESCE(first_pos, 0) FROM callboard_notifications
			WHERE user_id = $1 AND pos > $2 AND `+where+` AND COALESCE(first_pos, 0) <= $2 AND count > 1
				AND (type = $3 AND resource_type = $4 AND resource_id = $5 OR type = '`+TypeDigest+`') ORDER BY pos`,
			userID, c.Pos, c.Type, c.resource.typ, c.resource.id)
		entries, err := sqldb.Collect(rows, err, "read entries that tell of several events", scanJoined)
		if err != nil {
			return nil, err
		}
		for i := range entries {
			if e := &entries[i]; e.Type == TypeDigest && c.Priority.limited() || e.Type != TypeDigest && c.joins() {
				found = better(found, e)
			}
		}
	}
	return found, nil
}

func scanJoined(row sqldb.Scanner) (j joinedEntry, err error) {
	j.Notification, err = scanNotification(withColumn{row, &j.first})
	return j, err
}

// withColumn is a row with one more column than its reader knows.
type withColumn struct {
	sqldb.Scanner
	last any
}

// Scan implements sqldb.Scanner.
func (w withColumn) Scan(into ...any) error { return w.Scanner.Scan(append(into, w.last)...) }

// better returns the one that is about the same event more surely.
func better(a, b *joinedEntry) *joinedEntry {
	rank := func(j *joinedEntry) int {
		switch {
		case j == nil:
			return 0
		case j.first == 0:
			return 1
		case j.Type == TypeDigest:
			return 2
		}
		return 3
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}

// preferencesSince returns what the user has set, and when; nil: never.
func preferencesSince(ctx context.Context, q sqldb.Querier, userID string) (Preferences, *time.Time, error) {
	p, err := preferencesOf(ctx, q, userID)
	if err != nil {
		return p, nil, err
	}
	var changed sqldb.Time
	err = q.QueryRowContext(ctx, `SELECT updated_at FROM callboard_notification_preferences WHERE user_id = $1`, userID).Scan(&changed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return p, nil, fmt.Errorf("read preferences: %w", err)
	}
	return p, changed.Ptr(), nil
}
