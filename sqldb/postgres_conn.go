package sqldb

import (
	"context"
	"database/sql/driver"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// batchConnector makes connections that save round trips: BEGIN, and what Tx.Queue was given, wait for the next statement
// of the transaction or for COMMIT and are sent with it, in one batch. Creating an episode takes one round trip instead of
// four, which is worth about half as many creates again per second. They also give tables the names they have in this database.
type batchConnector struct {
	driver.Connector
	names naming
}

// Connect implements driver.Connector.
func (c batchConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &batchConn{Conn: conn.(*stdlib.Conn), names: c.names}, nil
}

// batchConn is used by one goroutine at a time, as database/sql promises.
type batchConn struct {
	*stdlib.Conn
	names naming
	batch *pgx.Batch // what is not sent yet; nil outside of a transaction
}

// queueKey marks the context of a statement that may wait in the batch.
type queueKey struct{}

// BeginTx implements driver.ConnBeginTx.
func (c *batchConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if opts != (driver.TxOptions{}) || c.Conn.Conn().IsClosed() {
		return c.Conn.BeginTx(ctx, opts)
	}
	c.batch = &pgx.Batch{}
	c.batch.Queue("begin")
	return &batchTx{ctx: ctx, conn: c}, nil
}

// ExecContext implements driver.ExecerContext. A text without arguments may hold several statements, which no batch takes.
func (c *batchConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	query = c.names.text(query)
	c.names.channels(query, args)
	if c.batch == nil || len(args) == 0 {
		if err := c.flush(ctx); err != nil {
			return nil, err
		}
		return c.Conn.ExecContext(ctx, query, args)
	}
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = a.Value
	}
	var tag pgconn.CommandTag
	c.batch.Queue(query, values...).Exec(func(t pgconn.CommandTag) error { tag = t; return nil })
	if ctx.Value(queueKey{}) != nil {
		return driver.RowsAffected(0), nil
	}
	err := c.flush(ctx)
	return driver.RowsAffected(tag.RowsAffected()), err
}

// QueryContext implements driver.QueryerContext.
func (c *batchConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	query = c.names.text(query)
	c.names.channels(query, args)
	if err := c.flush(ctx); err != nil {
		return nil, err
	}
	return c.Conn.QueryContext(ctx, query, args)
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *batchConn) PrepareContext(context.Context, string) (driver.Stmt, error) {
	return nil, errPrepare
}

// flush sends the batch in one round trip. After the first error PostgreSQL skips the rest of it.
func (c *batchConn) flush(ctx context.Context) error {
	if c.batch == nil || c.batch.Len() == 0 {
		return nil
	}
	batch := c.batch
	c.batch = &pgx.Batch{}
	err := c.Conn.Conn().SendBatch(ctx, batch).Close()
	if err != nil && pgconn.SafeToRetry(err) {
		return driver.ErrBadConn
	}
	return err
}

type batchTx struct {
	ctx  context.Context // of BeginTx, as database/sql gives Commit and Rollback none
	conn *batchConn
}

// Commit implements driver.Tx. A transaction in which nothing was done was never begun.
func (tx *batchTx) Commit() error {
	c := tx.conn
	status := c.Conn.Conn().PgConn().TxStatus()
	switch {
	case status == 'I' && c.batch.Len() == 1:
		return tx.Rollback()
	case status == 'E': // COMMIT would roll back, and call it a success
		return errors.Join(pgx.ErrTxCommitRollback, tx.Rollback())
	}
	c.batch.Queue("commit")
	if err := c.flush(tx.ctx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	c.batch = nil
	return nil
}

// Rollback implements driver.Tx. When it fails the connection is closed, which rolls back for certain.
func (tx *batchTx) Rollback() error {
	tx.conn.batch = nil
	conn := tx.conn.Conn.Conn()
	if conn.IsClosed() || conn.PgConn().TxStatus() == 'I' {
		return nil
	}
	if _, err := conn.Exec(tx.ctx, "rollback"); err != nil {
		_ = conn.Close(context.WithoutCancel(tx.ctx)) // it is broken already
	}
	return nil
}
