package sqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresConnector makes connections that save round trips: BEGIN travels with the first statement of a transaction, and
// what Tx.Queue was given with the next one or with COMMIT. A write of two statements takes two round trips instead of four.
type postgresConnector struct{ driver.Connector }

// Connect implements driver.Connector.
func (c postgresConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := conn.(*stdlib.Conn)
	if !ok {
		return nil, errors.Join(errors.New("sqldb: unknown kind of PostgreSQL connection"), conn.Close())
	}
	return &postgresConn{Conn: inner}, nil
}

// postgresConn is used by one goroutine at a time, as database/sql promises.
type postgresConn struct {
	*stdlib.Conn
	held  []postgresStatement // not sent yet, in order
	begun bool                // PostgreSQL knows of the transaction
}

type postgresStatement struct {
	query string
	args  []driver.NamedValue
}

type (
	// queueKey marks the context of a statement that may be held back.
	queueKey struct{}
	// provenKey marks the context of a transaction that is to begin on a connection that answers.
	provenKey struct{}
)

// BeginTx implements driver.ConnBeginTx.
func (c *postgresConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if opts != (driver.TxOptions{}) {
		return c.Conn.BeginTx(ctx, opts)
	}
	if c.Conn.Conn().IsClosed() {
		return nil, driver.ErrBadConn
	}
	if ctx.Value(provenKey{}) != nil {
		if err := c.Ping(ctx); err != nil {
			return nil, err
		}
	}
	c.held, c.begun = append(c.held[:0], postgresStatement{query: "begin"}), false
	return &postgresTx{ctx: ctx, conn: c}, nil
}

// ExecContext implements driver.ExecerContext.
func (c *postgresConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if ctx.Value(queueKey{}) != nil && (c.begun || len(c.held) > 0) {
		c.held = append(c.held, postgresStatement{query, args})
		return driver.RowsAffected(0), nil
	}
	if len(args) == 0 && strings.Contains(query, ";") { // may be several statements, which cannot travel with others
		if err := c.flush(ctx); err != nil {
			return nil, err
		}
	}
	if len(c.held) == 0 {
		return c.Conn.ExecContext(ctx, query, args)
	}
	tag, err := c.send(ctx, postgresStatement{query, args})
	return driver.RowsAffected(tag.RowsAffected()), err
}

// QueryContext implements driver.QueryerContext.
func (c *postgresConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.flush(ctx); err != nil {
		return nil, err
	}
	rows, err := c.Conn.QueryContext(ctx, query, args)
	if !c.begun && endedByServer(err) {
		// database/sql asks another connection. Outside of a transaction nothing has changed: rows come before the commit,
		// also those of RETURNING, and none has.
		err = driver.ErrBadConn
	}
	return rows, err
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *postgresConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if err := c.flush(ctx); err != nil {
		return nil, err
	}
	return c.Conn.PrepareContext(ctx, query)
}

// flush sends what is held back.
func (c *postgresConn) flush(ctx context.Context) error {
	if len(c.held) == 0 {
		return nil
	}
	_, err := c.send(ctx)
	return err
}

// send sends what is held back and the given statements, in one round trip, and returns the tag of the last one. After the
// first error PostgreSQL skips the rest.
func (c *postgresConn) send(ctx context.Context, statements ...postgresStatement) (pgconn.CommandTag, error) {
	all := append(c.held, statements...)
	c.held, c.begun = nil, true
	batch := &pgx.Batch{}
	for _, s := range all {
		batch.Queue(s.query, plain(s.args)...)
	}
	results := c.Conn.Conn().SendBatch(ctx, batch)
	var tag pgconn.CommandTag
	var err error
	for range all {
		if tag, err = results.Exec(); err != nil {
			break
		}
	}
	if closeErr := results.Close(); err == nil {
		err = closeErr
	}
	if err != nil && pgconn.SafeToRetry(err) {
		err = driver.ErrBadConn
	}
	return tag, err
}

func plain(args []driver.NamedValue) []any {
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = a.Value
	}
	return values
}

type postgresTx struct {
	ctx  context.Context // of BeginTx, as database/sql gives Commit and Rollback none
	conn *postgresConn
}

// Commit implements driver.Tx. A transaction in which nothing was done was never begun.
func (tx *postgresTx) Commit() error {
	c := tx.conn
	defer func() { c.held, c.begun = nil, false }()
	if !c.begun && len(c.held) == 1 {
		return nil
	}
	tag, err := c.send(tx.ctx, postgresStatement{query: "commit"})
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if tag.String() == "ROLLBACK" { // a statement had failed before
		return pgx.ErrTxCommitRollback
	}
	return nil
}

// Rollback implements driver.Tx. When it fails the connection is closed, which rolls back for certain.
func (tx *postgresTx) Rollback() error {
	c := tx.conn
	begun := c.begun
	c.held, c.begun = nil, false
	inner := c.Conn.Conn()
	if !begun || inner.IsClosed() || inner.PgConn().TxStatus() == 'I' {
		return nil
	}
	if _, err := inner.Exec(tx.ctx, "rollback"); err != nil {
		_ = inner.Close(context.WithoutCancel(tx.ctx)) // it is broken already
	}
	return nil
}

// Close implements driver.Conn. That the goodbye does not reach a server which has left already is no failure.
func (c *postgresConn) Close() error {
	_ = c.Conn.Close()
	return nil
}

// Unwrap returns the driver's own connection.
func (c *postgresConn) Unwrap() driver.Conn { return c.Conn }
