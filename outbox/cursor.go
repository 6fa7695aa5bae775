package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"callboard/sqldb"
)

// cursor is how far a consumer has come: all events up to pos, and of the next one what lies before sub.
type cursor struct {
	pos int64
	sub string
}

// errCursorMoved says that another process has moved the cursor. Its work stands; that of this transaction does not.
var errCursorMoved = errors.New("another process has moved the cursor")

// cursorTopic is the signal that a cursor has moved.
const cursorTopic = "outbox_cursor"

// moveCursor moves a cursor from where it was read. The error is errCursorMoved where another process has moved it since:
// of two that run the same consumer only one can commit.
func moveCursor(ctx context.Context, tx *sqldb.Tx, name string, from, to cursor) error {
	result, err := tx.ExecContext(ctx, `UPDATE consumers SET pos = $4, sub = $5, failures = 0, error = ''
		WHERE name = $1 AND pos = $2 AND sub = $3`, name, from.pos, from.sub, to.pos, to.sub)
	if err != nil {
		return fmt.Errorf("move the cursor of %s: %w", name, err)
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		err = errCursorMoved
	}
	tx.Signal(cursorTopic)
	return err
}

// readCursor returns the cursor of a consumer and how often it has failed there, and makes a cursor at the beginning of the log
// for a new one.
func readCursor(ctx context.Context, db *sqldb.DB, name string) (at cursor, failures int, err error) {
	query := `SELECT pos, sub, failures FROM consumers WHERE name = $1`
	err = db.QueryRowContext(ctx, query, name).Scan(&at.pos, &at.sub, &failures)
	if !errors.Is(err, sql.ErrNoRows) {
		return at, failures, err
	}
	err = db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO consumers (name, pos) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING`, name)
		return err
	})
	if err != nil {
		return at, 0, fmt.Errorf("make the cursor of %s: %w", name, err)
	}
	return at, 0, db.QueryRowContext(ctx, query, name).Scan(&at.pos, &at.sub, &failures)
}

func lockCursor(ctx context.Context, tx *sqldb.Tx, name string) error {
	if tx.Dialect() == sqldb.SQLite {
		return nil
	}
	_, err := tx.ExecContext(ctx, `SELECT set_config('plan_cache_mode', 'force_custom_plan', true)
		FROM consumers WHERE name = $1 FOR UPDATE`, name)
	if err != nil {
		return fmt.Errorf("lock the cursor of %s: %w", name, err)
	}
	return nil
}
