package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/callboard/callboard/sqldb"
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

// lockCursor begins a transaction that moves a cursor from where it was read. The error is errCursorMoved where another process
// has moved it since: of two that run the same consumer only one can commit. On PostgreSQL the other one waits until then, and
// the statements that come are planned anew: a plan that was cached while the tables were empty reads all of them, which
// under load brings a consumer to a stop until there are statistics.
func lockCursor(ctx context.Context, tx *sqldb.Tx, name string, from cursor) error {
	query := `UPDATE callboard_consumers SET failures = failures WHERE name = $1 AND pos = $2 AND sub = $3`
	if tx.Dialect() == sqldb.Postgres {
		query = `SELECT set_config('plan_cache_mode', 'force_custom_plan', true) FROM callboard_consumers
			WHERE name = $1 AND pos = $2 AND sub = $3 FOR UPDATE`
	}
	result, err := tx.ExecContext(ctx, query, name, from.pos, from.sub)
	if err != nil {
		return fmt.Errorf("lock the cursor of %s: %w", name, err)
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		err = errCursorMoved
	}
	return err
}

// moveCursor moves a cursor that is locked.
func moveCursor(ctx context.Context, tx *sqldb.Tx, name string, to cursor) error {
	err := tx.Queue(ctx, `UPDATE callboard_consumers SET pos = $2, sub = $3, failures = 0, error = '' WHERE name = $1`, name, to.pos, to.sub)
	if err != nil {
		return fmt.Errorf("move the cursor of %s: %w", name, err)
	}
	tx.Signal(cursorTopic)
	return nil
}

// readCursor returns the cursor of a consumer and how often it has failed there, and makes a cursor at the beginning of the log
// for a new one.
func readCursor(ctx context.Context, db *sqldb.DB, name string) (at cursor, failures int, err error) {
	query := `SELECT pos, sub, failures FROM callboard_consumers WHERE name = $1`
	err = db.QueryRowContext(ctx, query, name).Scan(&at.pos, &at.sub, &failures)
	if !errors.Is(err, sql.ErrNoRows) {
		return at, failures, err
	}
	err = db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO callboard_consumers (name, pos) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING`, name)
		return err
	})
	if err != nil {
		return at, 0, fmt.Errorf("make the cursor of %s: %w", name, err)
	}
	return at, 0, db.QueryRowContext(ctx, query, name).Scan(&at.pos, &at.sub, &failures)
}
