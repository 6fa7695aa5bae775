package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// snapshot reads in one transaction.
type snapshot struct {
	db *DB
	tx *sql.Tx
}

// Snapshot runs fn on the database as it is at one moment: what is written meanwhile is not seen, and nobody who writes waits. Results
// are read to their end one after the other, for PostgreSQL sends them over one connection. There are no time limits; on SQLite the
// WAL grows until fn returns.
func (db *DB) Snapshot(ctx context.Context, fn func(ctx context.Context, q Querier) error) error {
	pool, options := db.read, &sql.TxOptions{}
	if db.dialect == Postgres {
		pool, options = db.library, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	tx, err := pool.BeginTx(ctx, options)
	if err != nil {
		return mapError(ctx, fmt.Errorf("begin to read: %w", err))
	}
	err = fn(ctx, snapshot{db, tx})
	if end := tx.Rollback(); err == nil && !errors.Is(end, sql.ErrTxDone) {
		err = mapError(ctx, end)
	}
	return err
}

func (s snapshot) Dialect() Dialect { return s.db.dialect }

func (s snapshot) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := s.tx.QueryContext(ctx, query, args...)
	return rows, mapError(ctx, err)
}

func (s snapshot) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return s.tx.QueryRowContext(ctx, query, args...)
}
